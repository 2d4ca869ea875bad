// Help below the publish date: the zone's offset on that day and warnings about unlikely dates. The server decides.
"use strict";

const MINUTE = 60_000, DAY = 24 * 60 * MINUTE; // milliseconds
const TYPED = /^(?<day>\d\d?)\/(?<month>\d\d?)\/(?<year>\d{4}) (?<hour>\d\d?):(?<minute>\d\d)/;
// As the browser's own date and time inputs write it.
const PICKED = /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d) (?<hour>\d\d):(?<minute>\d\d)/;

class Schedule {
  constructor(date) {
    this.date = date;
    this.row = date.closest(".form-row");
    this.time = this.row.querySelector("input[name$=_1]");
    this.zone = date.dataset.zone;
    this.help = this.row.querySelector(".help > div, p.help");
    this.hint = statusLine("schedule-hint");
    this.row.append(this.hint);
    this.check();
    // The admin's calendar and clock change the inputs without an event.
    this.timer = setInterval(() => this.check(), 500);
  }

  check() {
    if (!this.date.isConnected) clearInterval(this.timer); // the dialog was closed
    const typed = `${this.date.value} ${this.time.value}`;
    if (typed === this.seen) return;
    this.isChanged = this.seen !== undefined; // no warnings about the date that the story has
    this.seen = typed;
    const { day, month, year, hour, minute } = (typed.match(TYPED) ?? typed.match(PICKED))?.groups ?? {};
    this.showHint(year ? Date.UTC(year, month - 1, day, hour, minute) : null);
  }

  // `clock`: the typed clock time as if it were UTC, in milliseconds, or null.
  showHint(clock) {
    this.hint.textContent = "";
    if (clock === null) return;
    const [before, after] = [clock - DAY, clock + DAY].map((at) => this.offset(at));
    const possible = [...new Set([before, after])].filter((offset) => this.offset(clock - offset) === offset);
    const saved = clock - (possible[0] ?? before);
    this.hint.textContent = this.warnings(possible.length, saved).join(" ");
    if (this.help) this.help.textContent = this.help.textContent.replace(/UTC.*/, this.format(this.offset(saved)));
  }

  warnings(occurrences, saved) {
    const warnings = [];
    if (occurrences === 0) warnings.push("The clocks skip this time: the story will appear an hour later.");
    if (!this.isChanged) return warnings;
    if (occurrences === 2) warnings.push("The clocks show this time twice: the first one is used.");
    if (saved < Date.now() - MINUTE) warnings.push("This is in the past.");
    return warnings;
  }

  // The zone's offset from UTC at a time, in milliseconds.
  offset(at) {
    const parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: this.zone, hourCycle: "h23",
      year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
    }).formatToParts(at);
    const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) - at;
  }

  format(offset) {
    const minutes = Math.abs(offset) / MINUTE;
    const rest = minutes % 60 ? `:${String(minutes % 60).padStart(2, "0")}` : "";
    return minutes ? `UTC${offset < 0 ? "-" : "+"}${Math.floor(minutes / 60)}${rest}` : "UTC";
  }
}

for (const date of document.querySelectorAll("input[data-zone]")) new Schedule(date);
