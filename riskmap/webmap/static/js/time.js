/* The bar below the map: which years, months, sources, sides and accuracies of records
   are shown; it plays, and says how many records are left. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});
  const element = riskmap.element;

  const STEP_MS = 1200;
  const BAR_PX = 34;
  const LENGTHS = [1, 2, 3, 5];
  const DIGITS = 9;
  const PREFIX = { source: "ui.source.", side: "side.", accuracy: "map.accuracy." };

  const say = (state, key) => state.words[key] || key;

  /* Bars of events by year: filled where watched, hatched where nobody looked. */
  riskmap.yearBars = function (series, state, chosen, pick) {
    const box = element("div", "rm-years");
    const most = Math.max(1, ...series.map((entry) => entry.events));
    for (const entry of series) {
      const bar = element(pick ? "button" : "span", "rm-year");
      const events = riskmap.number(entry.events, state.language, DIGITS);
      const blind = !entry.watched && !entry.events;
      const text = blind ? say(state, "map.no_data") : events;
      const title = entry.year + ": " + text;
      bar.title = title;
      if (pick) {
        bar.type = "button";
        bar.setAttribute("aria-label", title);
        bar.setAttribute("aria-pressed", String(chosen(entry.year)));
        bar.addEventListener("click", () => pick(entry.year));
      }
      const fill = bar.appendChild(element("i", blind ? "rm-blind" : ""));
      const share = entry.events / most;
      fill.style.height = (blind ? BAR_PX : Math.max(2, share * BAR_PX)) + "px";
      bar.appendChild(element("small", "", "’" + String(entry.year).slice(2)));
      box.appendChild(bar);
    }
    return box;
  };

  class TimeBar {
    /* "change(filter)" is told of every choice. */
    constructor(container, records, change) {
      this.box = container;
      this.records = records;
      this.change = change;
      this.playing = null;
      this.open = false;
    }

    stop() {
      clearInterval(this.playing);
      this.playing = null;
    }

    set(changes) {
      this.filter = riskmap.fitFilter(
        Object.assign({}, this.filter, changes),
        this.records
      );
      this.change(this.filter);
    }

    // a window of the same length, one step on; from the start after the end
    step() {
      const [first, last] = this.records.years;
      const length = this.filter.to - this.filter.from + 1;
      if (length > last - first) {
        this.set({ from: first, to: first });
        return;
      }
      const from = this.filter.to + 1 > last ? first : this.filter.from + 1;
      this.set({ from: from, to: from + length - 1 });
    }

    play() {
      if (this.playing) this.stop();
      else {
        this.step();
        this.playing = setInterval(() => this.step(), STEP_MS);
      }
      this.draw(this.state, this.filter, this.kind);
    }

    draw(state, filter, kind) {
      this.state = state;
      this.filter = filter;
      this.kind = kind;
      const shown = Boolean(kind) && this.records.count > 0;
      if (!shown) this.stop();
      this.box.hidden = !shown;
      const focus = document.activeElement;
      const focused = this.box.contains(focus) && focus.dataset.name;
      this.box.replaceChildren();
      if (!shown) return;
      const own = Object.assign({ kind: kind }, filter);
      const line = this.box.appendChild(element("div", "rm-time-line"));
      line.appendChild(this.playButton(state));
      line.appendChild(
        riskmap.yearBars(
          this.records.byYear(own),
          state,
          (year) => year >= filter.from && year <= filter.to,
          (year) => this.set({ from: year, to: year + this.length() - 1 })
        )
      );
      line.appendChild(this.lengths(state));
      this.box.appendChild(this.more(state));
      this.box.appendChild(element("p", "rm-time-text", this.sentence(own, state)));
      for (const [place, bar] of line.querySelectorAll(".rm-year").entries()) {
        bar.dataset.name = "year-" + place;
      }
      const again = focused && this.box.querySelector('[data-name="' + focused + '"]');
      if (again) again.focus();
    }

    length() {
      const [first, last] = this.records.years;
      const length = this.filter.to - this.filter.from + 1;
      return length > last - first ? 1 : length;
    }

    playButton(state) {
      const key = this.playing ? "map.time.pause" : "map.time.play";
      const button = element("button", "rm-play", this.playing ? "❚❚" : "▶");
      button.type = "button";
      button.dataset.name = "play";
      button.title = say(state, key);
      button.setAttribute("aria-label", say(state, key));
      button.addEventListener("click", () => this.play());
      return button;
    }

    lengths(state) {
      const [first, last] = this.records.years;
      const length = this.filter.to - this.filter.from + 1;
      const all = length > last - first;
      const options = [["all", say(state, "map.time.all")]];
      for (const years of LENGTHS) {
        options.push([String(years), say(state, "map.time." + years)]);
      }
      const value = all ? "all" : String(length);
      if (!options.some(([known]) => known === value)) {
        options.push([value, this.filter.from + "–" + this.filter.to]);
      }
      return this.select("length", "map.time.length", options, value, (chosen) => {
        if (chosen === "all") this.set({ from: first, to: last });
        else {
          const to = all ? last : this.filter.to;
          const from = Math.max(first, to - Number(chosen) + 1);
          this.set({ from: from, to: from + Number(chosen) - 1 });
        }
      });
    }

    more(state) {
      const box = element("details", "rm-time-more");
      box.open = this.open;
      box.addEventListener("toggle", () => (this.open = box.open));
      const summary = box.appendChild(element("summary", "", say(state, "map.filter")));
      summary.dataset.name = "more";
      const list = box.appendChild(element("div"));
      const any = ["", say(state, "map.filter.any")];
      const name = new Intl.DateTimeFormat(state.language === "es" ? "es-MX" : "en-US", {
        month: "long",
        timeZone: "UTC",
      });
      const months = Array.from({ length: 12 }, (_, i) => [
        String(i + 1),
        name.format(new Date(Date.UTC(2020, i, 15))),
      ]);
      const month = this.filter.month ? String(this.filter.month) : "";
      list.appendChild(
        this.select("month", "map.filter.month", [any, ...months], month, (value) =>
          this.set({ month: Number(value) || 0 })
        )
      );
      for (const part of ["source", "side", "accuracy"]) {
        const words = this.records.words[part].map((word) => [
          word,
          state.words[PREFIX[part] + word] || word,
        ]);
        list.appendChild(
          this.select(part, "map.filter." + part, [any, ...words], this.filter[part], (value) =>
            this.set({ [part]: value })
          )
        );
      }
      const reset = element("button", "rm-more", say(state, "map.filter.reset"));
      reset.type = "button";
      reset.dataset.name = "reset";
      reset.addEventListener("click", () => {
        this.stop();
        this.set(riskmap.wholeFilter(this.records));
      });
      list.appendChild(reset);
      return box;
    }

    select(id, key, options, chosen, pick) {
      const label = element("label", "rm-choice", say(this.state, key) + " ");
      const select = label.appendChild(element("select"));
      select.dataset.name = id;
      for (const [value, text] of options) {
        const option = select.appendChild(element("option", "", text));
        option.value = value;
        option.selected = value === chosen;
      }
      select.addEventListener("change", () => pick(select.value));
      return label;
    }

    sentence(own, state) {
      const write = (value) => riskmap.number(value, state.language, DIGITS);
      const years = own.from === own.to ? own.from : own.from + "–" + own.to;
      const total = write(this.records.total(own));
      let text = years + ": " + total + " " + say(state, "map.recorded");
      const lost = this.records.withoutMonth(own);
      if (lost) text += " · " + say(state, "map.filter.no_month") + " " + write(lost);
      return text;
    }
  }

  riskmap.TimeBar = TimeBar;
})();
