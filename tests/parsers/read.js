// Read calendar files with parsers that nobody here wrote: node read.js FILE ... -> JSON, by parser and file.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

const byIcalJs = (text) =>
  new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const alarm = component.getFirstSubcomponent("valarm");
    return {
      uid: event.uid,
      sequence: event.sequence,
      status: component.getFirstPropertyValue("status"),
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      summary: event.summary,
      description: event.description,
      alarm: alarm ? alarm.getFirstPropertyValue("trigger").toSeconds() : null,
    };
  });

const byNodeIcal = (text) =>
  Object.values(nodeIcal.sync.parseICS(text))
    .filter((event) => event.type === "VEVENT")
    .map((event) => ({
      uid: event.uid,
      sequence: Number(event.sequence),
      status: event.status,
      start: event.start.toISOString(),
      end: event.end.toISOString(),
      summary: event.summary,
      description: event.description,
    }));

const files = process.argv.slice(2);
const read = (parse) => files.map((file) => parse(readFileSync(file, "utf8")));
console.log(JSON.stringify({ "ical.js": read(byIcalJs), "node-ical": read(byNodeIcal) }));
