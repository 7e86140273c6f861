const TELEGRAM_HOSTS = new Set(["t.me", "www.t.me", "telegram.me"]);
const SAFE = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);

/** The address as a URL that may be opened, or null: `javascript:` and its kin are never followed. */
export function safeUrl(address) {
  const complete = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  const url = URL.canParse(complete) ? new URL(complete) : null;
  return url && SAFE.has(url.protocol) ? url : null;
}

/** What a link to this bot says when it is opened ("/start payload"), or null for any other link. */
export function startCommand(address, username) {
  const url = safeUrl(address);
  if (!url) return null;
  const target = botTarget(url);
  if (target.share) return startCommand(target.share, username);
  if (target.name?.toLowerCase() !== username.toLowerCase()) return null;
  return target.start ? `/start ${target.start}` : "/start";
}

function botTarget(url) {
  const start = url.searchParams.get("start");
  if (url.protocol === "tg:") return { name: url.searchParams.get("domain"), start };
  if (!TELEGRAM_HOSTS.has(url.hostname)) return {};
  if (url.pathname.startsWith("/share")) return { share: url.searchParams.get("url") };
  return { name: url.pathname.slice(1), start };
}

export function openOutside(address) {
  const url = safeUrl(address);
  if (url) window.open(url.href, "_blank", "noopener,noreferrer");
}
