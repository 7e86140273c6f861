/** What a person can do in the sandbox, one function per endpoint. A refusal is thrown with the server's words. */

async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
  return read(answer);
}

async function read(answer) {
  const result = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(result.error ?? `${answer.status} ${answer.statusText}`);
  return result;
}

const person = (id, action) => `/sandbox/people/${id}${action ? `/${action}` : ""}`;

export const addPerson = (names) => call("POST", "/sandbox/people", names);
export const changePerson = (id, changes) => call("PATCH", person(id), changes);
export const say = (id, text, replyTo) =>
  call("POST", person(id, "say"), replyTo ? { text, reply_to_message_id: replyTo } : { text });
export const tap = (id, messageId, row, column) =>
  call("POST", person(id, "tap"), { message_id: messageId, row, column });
export const sendLocation = (id, latitude, longitude) => call("POST", person(id, "location"), { latitude, longitude });
export const sendContact = (id) => call("POST", person(id, "contact"));
export const sendSticker = (id, emoji) => call("POST", person(id, "sticker"), { emoji });
export const moveClock = (change) => call("POST", "/sandbox/clock", change);
export const forgetEverything = () => call("POST", "/sandbox/clear");

export async function sendFile(id, file, caption) {
  const query = new URLSearchParams({ name: file.name, caption });
  const headers = { "Content-Type": file.type || "application/octet-stream" };
  return read(await fetch(`${person(id, "file")}?${query}`, { method: "POST", headers, body: file }));
}
