// Beside the publish date: the zone's offset on that day, and a word on dates one may not have meant. The server decides.
"use strict";

const MINUTE = 60_000, DAY = 24 * 60 * MINUTE;
const TYPED = /^(?<day>\d\d?)\/(?<month>\d\d?)\/(?<year>\d{4}) (?<hour>\d\d?):(?<minute>\d\d)/;
const PICKED = /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d) (?<hour>\d\d):(?<minute>\d\d)/; // by the browser's own boxes

class Schedule {
  constructor(date) {
    this.date = date;
    this.row = date.closest(".form-row");
    this.time = this.row.querySelector("input[name$=_1]");
    this.zone = date.dataset.zone;
    this.help = this.row.querySelector(".help > div, p.help");
    this.hint = statusLine("schedule-hint");
    this.row.append(this.hint);
    this.look();
    // The admin's calendar and clock fill the boxes without an event.
    this.timer = setInterval(() => this.look(), 500);
  }

  look() {
    if (!this.date.isConnected) clearInterval(this.timer); // a dialog was closed
    const typed = `${this.date.value} ${this.time.value}`;
    if (typed === this.seen) return;
    this.isChanged = this.seen !== undefined; // of what was saved, nothing is to be said
    this.seen = typed;
    const { day, month, year, hour, minute } = (typed.match(TYPED) ?? typed.match(PICKED))?.groups ?? {};
    this.say(year ? Date.UTC(year, month - 1, day, hour, minute) : null);
  }

  say(clock) {
    this.hint.textContent = "";
    if (clock === null) return;
    const [before, after] = [clock - DAY, clock + DAY].map((at) => this.offset(at));
    const found = [...new Set([before, after])].filter((offset) => this.offset(clock - offset) === offset);
    const taken = clock - (found[0] ?? before);
    const said = [];
    if (!found.length) said.push("Summer time skips this hour: the story is put an hour later.");
    if (this.isChanged && found.length === 2) said.push("The clocks show this time twice: the first is taken.");
    if (this.isChanged && taken < Date.now() - MINUTE) said.push("This is in the past.");
    this.hint.textContent = said.join(" ");
    if (this.help) this.help.textContent = this.help.textContent.replace(/UTC.*/, this.named(this.offset(taken)));
  }

  // How far the zone's clocks are before UTC at a moment, in milliseconds.
  offset(at) {
    const parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: this.zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
    }).formatToParts(at);
    const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) - at;
  }

  named(offset) {
    const minutes = Math.abs(offset) / MINUTE;
    const rest = minutes % 60 ? `:${String(minutes % 60).padStart(2, "0")}` : "";
    return minutes ? `UTC${offset < 0 ? "-" : "+"}${Math.floor(minutes / 60)}${rest}` : "UTC";
  }
}

for (const date of document.querySelectorAll("input[data-zone]")) new Schedule(date);
