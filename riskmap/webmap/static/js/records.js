/* Records by cell and month: what a filter leaves of them, and who watched when.
   Needs h3. */
(function () {
  "use strict";
  const riskmap = (window.riskmap = window.riskmap || {});

  // less than this share of the years watched: the cell is no data for the period
  const WATCHED_SHARE = 0.5;
  const CHOICES = ["source", "side", "accuracy"];

  /* A filter: {from, to} years, {month} 1 to 12 or 0 for any, and one word or "" of
     source, side and accuracy. */
  riskmap.wholeFilter = (records) => ({
    from: records.years[0],
    to: records.years[1],
    month: 0,
    source: "",
    side: "",
    accuracy: "",
  });

  riskmap.isAll = function (filter, records) {
    if (!filter || !records.years.length) return true;
    const whole = riskmap.wholeFilter(records);
    return Object.keys(whole).every((name) => filter[name] === whole[name]);
  };

  // what an address or an older page said, as far as these records know it
  riskmap.fitFilter = function (given, records) {
    const filter = riskmap.wholeFilter(records);
    if (!given || !records.years.length) return filter;
    const [first, last] = records.years;
    const year = (value, other) =>
      Number.isInteger(value) && value >= first && value <= last ? value : other;
    filter.from = year(given.from, first);
    filter.to = Math.max(filter.from, year(given.to, last));
    if (Number.isInteger(given.month) && given.month >= 1 && given.month <= 12) {
      filter.month = given.month;
    }
    for (const name of CHOICES) {
      if (records.words[name].includes(given[name])) filter[name] = given[name];
    }
    return filter;
  };

  class Records {
    constructor(data) {
      Object.assign(this, data);
      this.count = (data.rows.events || []).length;
    }

    // positions of the rows that a filter leaves
    *rowsOf(filter, years) {
      const rows = this.rows;
      const at = {};
      for (const name of ["kind", ...CHOICES]) {
        at[name] = filter[name] ? this.words[name].indexOf(filter[name]) : -1;
        if (filter[name] && at[name] < 0) return;
      }
      const [from, to] = years || [filter.from, filter.to];
      for (let i = 0; i < this.count; i++) {
        if (rows.year[i] < from || rows.year[i] > to) continue;
        if (filter.month && rows.month[i] !== filter.month) continue;
        if (at.kind >= 0 && rows.kind[i] !== at.kind) continue;
        if (at.source >= 0 && rows.source[i] !== at.source) continue;
        if (at.side >= 0 && rows.side[i] !== at.side) continue;
        if (at.accuracy >= 0 && rows.accuracy[i] !== at.accuracy) continue;
        yield i;
      }
    }

    // events of each finest cell under a filter
    cellsOf(filter) {
      const found = new Map();
      for (const i of this.rowsOf(filter)) {
        const cell = this.cells[this.rows.cell[i]];
        found.set(cell, (found.get(cell) || 0) + this.rows.events[i]);
      }
      return found;
    }

    total(filter) {
      let events = 0;
      for (const i of this.rowsOf(filter)) events += this.rows.events[i];
      return events;
    }

    // records of the period whose month is not known, which a month leaves out
    withoutMonth(filter) {
      if (!filter.month) return 0;
      let events = 0;
      for (const i of this.rowsOf(Object.assign({}, filter, { month: 0 }))) {
        if (this.rows.month[i] === 0) events += this.rows.events[i];
      }
      return events;
    }

    // who of a purpose's sources watched which codes: code -> set of years
    watchedYears(filter) {
      const purpose = this.purposes[filter.kind];
      const years = new Map();
      for (const [code, source, why, from, to] of this.spans) {
        if (why !== purpose || (filter.source && source !== filter.source)) continue;
        const known = years.get(code) || new Set();
        const last = Math.min(to, this.years[1]);
        for (let year = Math.max(from, this.years[0]); year <= last; year++) {
          known.add(year);
        }
        years.set(code, known);
      }
      return years;
    }

    // codes whose cells were watched for at least half of the filter's years
    watchedCodes(filter) {
      const length = filter.to - filter.from + 1;
      const codes = new Set();
      for (const [code, years] of this.watchedYears(filter)) {
        let count = 0;
        for (let year = filter.from; year <= filter.to; year++) count += years.has(year);
        if (count >= WATCHED_SHARE * length) codes.add(code);
      }
      return codes;
    }

    /* One number for each cell of a level, as a plane of counts has them: 0 for no
       data, otherwise the count and one. */
    numbers(level, watch, filter) {
      const codes = this.watchedCodes(filter);
      const numbers = new Uint32Array(level.keys.length);
      for (let i = 0; i < numbers.length; i++) numbers[i] = codes.has(watch[i]) ? 1 : 0;
      for (const [cell, events] of this.cellsOf(filter)) {
        if (h3.getResolution(cell) < level.resolution) continue;
        const row = level.find(h3.cellToParent(cell, level.resolution));
        if (row >= 0) numbers[row] = Math.max(1, numbers[row]) + events;
      }
      return numbers;
    }

    /* Events by year under a filter's other choices: {year, events, watched}; "cell"
       for one cell of any resolution, with its own code of watch. */
    byYear(filter, cell, code) {
      const [first, last] = this.years;
      const series = [];
      const watched = this.watchedYears(filter);
      for (let year = first; year <= last; year++) {
        const seen =
          code == null
            ? [...watched.values()].some((years) => years.has(year))
            : Boolean(watched.get(code) && watched.get(code).has(year));
        series.push({ year: year, events: 0, watched: seen });
      }
      const resolution = cell ? h3.getResolution(cell) : 0;
      for (const i of this.rowsOf(filter, this.years)) {
        if (cell) {
          const own = this.cells[this.rows.cell[i]];
          if (h3.getResolution(own) < resolution) continue;
          if (h3.cellToParent(own, resolution) !== cell) continue;
        }
        series[this.rows.year[i] - first].events += this.rows.events[i];
      }
      // years before the first and after the last that anyone watched for this kind
      const told = series.map((entry) => entry.watched || entry.events > 0);
      const start = Math.max(0, told.indexOf(true));
      return series.slice(start, told.lastIndexOf(true) + 1);
    }
  }

  riskmap.readRecords = (source) =>
    source.json("records.json").then((data) => new Records(data));
})();
