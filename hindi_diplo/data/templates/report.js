"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { events, people, docs, places, land } = data;
  const KINDS = ["meeting", "call", "multilateral", "visit"];
  const STATUSES = ["held", "planned", "cancelled", "postponed", "refused", "not_held"];
  const PAGE = 40;
  const $ = (id) => document.getElementById(id);
  const regions = new Intl.DisplayNames(["en"], { type: "region" });
  const land_name = (code) => (/^[A-Z]{2}$/.test(code) ? regions.of(code) : code);
  const said = (status) => status.replace("_", " ");
  const number = new Intl.NumberFormat("en");

  /* Every text enters the page as a text node: nothing here reads a text as HTML. */
  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "on") for (const [type, run] of Object.entries(value)) node.addEventListener(type, run);
      else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  }
  function draw(tag, attributes = {}, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }
  function press(node, label, run) {
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "0");
    node.setAttribute("aria-label", label);
    node.append(draw("title", {}, label));
    node.addEventListener("click", run);
    node.addEventListener("keydown", (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); run(); } });
    return node;
  }
  const picture = (w, h, label) => draw("svg", { viewBox: `0 0 ${w} ${h}`, role: "group", "aria-label": label });
  const empty = () => make("p", { class: "none" }, "Nothing to draw for these filters.");
  function asTable(heads, rows) {
    return make("details", {}, make("summary", {}, "As a table"), make("div", { class: "wide" }, make("table", {},
      make("thead", {}, make("tr", {}, ...heads.map((h) => make("th", { scope: "col" }, h)))),
      make("tbody", {}, ...rows.slice(0, 300).map((row) => make("tr", {}, ...row.map((cell) => make("td", {}, String(cell)))))))));
  }

  /* Filters ---------------------------------------------------------------------------------------- */
  for (const event of events) {
    event.lands = [...new Set(event.who.map((p) => p.c).filter(Boolean))];
    event.ids = [...new Set(event.who.map((p) => p.p))];
    const doc = docs[event.d];
    event.hay = [doc.title, doc.id, event.o, ...event.topics, ...event.said.flat().map((x) => x[0])]
      .join(" ").normalize("NFC").toLowerCase();
  }
  people.forEach((p) => { p.hay = `${p.n} ${p.l} ${p.id}`.normalize("NFC").toLowerCase(); });
  const tally = (lists) => {
    const found = new Map();
    for (const list of lists) for (const x of list) found.set(x, (found.get(x) || 0) + 1);
    return [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  };
  for (const [code, n] of tally(events.map((e) => e.lands)).sort((a, b) => land_name(a[0]).localeCompare(land_name(b[0])))) {
    for (const id of ["country", "country2"]) $(id).append(make("option", { value: code }, `${land_name(code)} (${n})`));
  }
  for (const id of ["country", "country2", "place"]) $(id).prepend(make("option", { value: "" }, "any"));
  $("country").value = $("country2").value = "";
  for (const [at, n] of tally(events.filter((e) => e.w !== null).map((e) => [e.w]))) {
    $("place").append(make("option", { value: String(at) }, `${places[at].n} (${n})`));
  }
  $("place").value = "";
  for (const [at, n] of tally(events.map((e) => e.ids)).slice(0, 2000)) {
    $("people").append(make("option", { value: people[at].n }, `${people[at].l} · ${n}`));
  }
  const boxes = (id, names, there) => names.filter((n) => there.has(n)).map((name) => {
    const box = make("input", { type: "checkbox", value: name, checked: true });
    $(id).append(make("label", {}, box, " " + said(name)));
    return box;
  });
  const kinds = boxes("kinds", KINDS, new Set(events.map((e) => e.kind)));
  const statuses = boxes("statuses", STATUSES, new Set(events.map((e) => e.status)));

  function chosen() {
    const words = $("words").value.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
    const person = $("person").value.trim().normalize("NFC").toLowerCase();
    const who = person ? new Set(people.flatMap((p, i) => (p.hay.includes(person) ? [i] : []))) : null;
    const lands = [$("country").value, $("country2").value].filter(Boolean);
    const from = $("from").value, to = $("to").value, place = $("place").value;
    const kind = new Set(kinds.filter((b) => b.checked).map((b) => b.value));
    const status = new Set(statuses.filter((b) => b.checked).map((b) => b.value));
    return events.filter((e) => kind.has(e.kind) && status.has(e.status)
      && (!who || e.ids.some((p) => who.has(p))) && lands.every((c) => e.lands.includes(c))
      && (place === "" || String(e.w) === place)
      && (!from || (e.z !== null && e.z >= from)) && (!to || (e.a !== null && e.a <= to))
      && words.every((w) => e.hay.includes(w)));
  }
  function set(values) {
    for (const [id, value] of Object.entries(values)) $(id).value = value;
    refresh();
    $("count").scrollIntoView({ block: "nearest" });
  }

  /* Timeline --------------------------------------------------------------------------------------- */
  const group = (status) => (status === "held" || status === "planned" ? status : "off");
  function timeline(rows) {
    const dated = rows.filter((e) => e.a !== null);
    if (!dated.length) return [empty()];
    let first = dated[0].a, last = dated[0].a;
    for (const e of dated) { if (e.a < first) first = e.a; if (e.a > last) last = e.a; }
    const spanned = (Date.parse(last) - Date.parse(first)) / 864e5;
    const cut = spanned <= 62 ? 10 : spanned <= 2200 ? 7 : 4;
    const bins = new Map();
    for (let at = new Date(first.slice(0, cut === 10 ? 10 : cut === 7 ? 7 : 4).padEnd(4) + (cut === 10 ? "" : cut === 7 ? "-01" : "-01-01"));
      at.toISOString().slice(0, cut) <= last.slice(0, cut);) {
      bins.set(at.toISOString().slice(0, cut), { held: 0, planned: 0, off: 0 });
      if (cut === 10) at.setUTCDate(at.getUTCDate() + 1);
      else if (cut === 7) at.setUTCMonth(at.getUTCMonth() + 1);
      else at.setUTCFullYear(at.getUTCFullYear() + 1);
    }
    for (const e of dated) bins.get(e.a.slice(0, cut))[group(e.status)] += 1;
    const w = 640, h = 240, left = 34, floor = 205, list = [...bins];
    const top = Math.max(...list.map(([, b]) => b.held + b.planned + b.off));
    const step = (w - left - 6) / list.length, scale = (floor - 12) / top;
    const svg = picture(w, h, `Events per ${cut === 10 ? "day" : cut === 7 ? "month" : "year"}`);
    for (const tick of [...new Set([0, Math.ceil(top / 2), top])]) {
      svg.append(draw("text", { x: left - 6, y: floor - tick * scale + 4, "text-anchor": "end", class: "soft" }, String(tick)));
    }
    const every = Math.ceil(list.length / 9);
    list.forEach(([name, bin], i) => {
      const x = left + i * step, bar = draw("g");
      let y = floor;
      for (const key of ["held", "planned", "off"]) {
        if (!bin[key]) continue;
        y -= bin[key] * scale;
        bar.append(draw("rect", { x: x + step * 0.08, y, width: Math.max(1, step * 0.84), height: bin[key] * scale, class: key }));
      }
      const total = bin.held + bin.planned + bin.off;
      if (total) {
        const end = cut === 10 ? name : cut === 7
          ? `${name}-${String(new Date(Date.UTC(+name.slice(0, 4), +name.slice(5), 0)).getUTCDate()).padStart(2, "0")}` : `${name}-12-31`;
        const begin = cut === 10 ? name : cut === 7 ? `${name}-01` : `${name}-01-01`;
        svg.append(press(bar, `${name}: ${total} events`, () => set({ from: begin, to: end })));
      }
      if (i % every === 0) svg.append(draw("text", { x: x + step / 2, y: floor + 18, "text-anchor": i ? "middle" : "start", class: "soft" }, name));
    });
    const none = rows.length - dated.length;
    return [svg,
      make("p", { class: "key" }, make("i", { class: "k-held" }), "held", make("i", { class: "k-planned" }), "planned",
        make("i", { class: "k-off" }), "cancelled, postponed, refused, not held", none ? ` · ${none} without a date` : ""),
      asTable(["when", "held", "planned", "other"], list.filter(([, b]) => b.held + b.planned + b.off).map(([n, b]) => [n, b.held, b.planned, b.off]))];
  }

  /* Network ---------------------------------------------------------------------------------------- */
  function pairs(rows, of) {
    const found = new Map();
    for (const e of rows) {
      if (e.kind !== "meeting" && e.kind !== "call") continue;
      const mine = new Set();
      e.who.forEach((p, i) => e.who.slice(i + 1).forEach((q) => {
        if (p.s !== null && p.s === q.s) return;
        const [a, b] = [of(p), of(q)].sort((x, y) => (x < y ? -1 : 1));
        if (a !== null && b !== null && a !== b) mine.add(JSON.stringify([a, b]));
      }));
      for (const key of mine) found.set(key, (found.get(key) || 0) + 1);
    }
    return [...found].map(([key, n]) => [...JSON.parse(key), n]).sort((a, b) => b[2] - a[2]);
  }
  function network(rows) {
    const all = pairs(rows, (p) => p.p);
    if (!all.length) return [empty()];
    const degree = tally(all.map(([a, b]) => [a, b]));
    const weight = new Map();
    for (const [a, b, n] of all) for (const x of [a, b]) weight.set(x, (weight.get(x) || 0) + n);
    const best = new Set(degree.map(([id]) => id).sort((a, b) => weight.get(b) - weight.get(a)).slice(0, 40));
    const joined = new Set(all.filter(([a, b]) => best.has(a) && best.has(b)).flatMap(([a, b]) => [a, b]));
    const kept = [...best].filter((id) => joined.has(id));
    const at = new Map(kept.map((id, i) => [id, i]));
    const edges = all.filter(([a, b]) => at.has(a) && at.has(b));
    const w = 640, h = 420;
    const nodes = kept.map((id, i) => ({ id, x: Math.cos(i * 2.4) * Math.sqrt(i + 1), y: Math.sin(i * 2.4) * Math.sqrt(i + 1) }));
    for (let round = 0, heat = 1.5; round < 300; round += 1, heat *= 0.985) {
      for (const n of nodes) { n.dx = -n.x * 0.12; n.dy = -n.y * 0.12; }
      nodes.forEach((n, i) => nodes.slice(i + 1).forEach((m) => {
        const x = n.x - m.x, y = n.y - m.y, f = 1.1 / Math.max(0.05, x * x + y * y);
        n.dx += x * f; n.dy += y * f; m.dx -= x * f; m.dy -= y * f;
      }));
      for (const [a, b, c] of edges) {
        const n = nodes[at.get(a)], m = nodes[at.get(b)], x = n.x - m.x, y = n.y - m.y;
        const f = Math.hypot(x, y) * 0.16 * Math.min(2, Math.sqrt(c));
        n.dx -= x * f; n.dy -= y * f; m.dx += x * f; m.dy += y * f;
      }
      for (const n of nodes) {
        const d = Math.max(0.001, Math.hypot(n.dx, n.dy)), go = Math.min(d, heat) / d;
        n.x += n.dx * go; n.y += n.dy * go;
      }
    }
    for (const [axis, low, high] of [["x", 56, w - 56], ["y", 18, h - 28]]) {
      /* half by position, half by rank: a crowded middle spreads out, the shape stays */
      const order = nodes.map((n) => n[axis]).sort((a, b) => a - b), least = order[0], reach = order[order.length - 1] - least;
      for (const n of nodes) {
        const share = reach ? ((n[axis] - least) / reach + order.indexOf(n[axis]) / (order.length - 1)) / 2 : 0.5;
        n[axis] = low + share * (high - low);
      }
    }
    const svg = picture(w, h, "People joined by their meetings");
    for (const [a, b, c] of edges) {
      const n = nodes[at.get(a)], m = nodes[at.get(b)];
      svg.append(draw("line", { x1: n.x, y1: n.y, x2: m.x, y2: m.y, class: "edge", "stroke-width": 1 + Math.min(7, Math.sqrt(c)) },
        draw("title", {}, `${people[a].n} – ${people[b].n}: ${c}`)));
    }
    const most = Math.max(...kept.map((id) => weight.get(id)));
    const discs = [], names = [], taken = [];
    for (const n of nodes) {
      const r = 4 + 11 * Math.sqrt(weight.get(n.id) / most), person = people[n.id];
      discs.push(press(draw("circle", { cx: n.x, cy: n.y, r, class: "node" }),
        `${person.n} (${person.l}), ${weight.get(n.id)} meetings`, () => set({ person: person.n })));
      const box = { x: n.x, y: n.y + r + 12, w: person.n.length * 3.1 };
      if (taken.some((t) => Math.abs(t.x - box.x) < t.w + box.w && Math.abs(t.y - box.y) < 13)) continue;
      taken.push(box);
      names.push(draw("text", { x: box.x, y: box.y, "text-anchor": "middle", class: "halo", lang: "hi", "aria-hidden": "true", "pointer-events": "none" }, person.n));
    }
    svg.append(...discs, ...names);
    const cutShort = weight.size > kept.length ? `The ${kept.length} of ${number.format(weight.size)} people with most meetings. ` : "";
    return [svg, make("p", { class: "key" }, `${cutShort}Meetings and calls; press a disc to filter by the person (its name shows on hovering).`),
      asTable(["person", "person", "events"], all.map(([a, b, n]) => [people[a].n, people[b].n, n]))];
  }

  /* Matrix ----------------------------------------------------------------------------------------- */
  function matrix(rows) {
    const all = pairs(rows, (p) => p.c);
    if (!all.length) return [empty()];
    const weight = new Map();
    for (const [a, b, n] of all) for (const x of [a, b]) weight.set(x, (weight.get(x) || 0) + n);
    const kept = [...weight].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 18).map(([c]) => c);
    const cells = new Map();
    for (const [a, b, n] of all) { cells.set(a + b, n); cells.set(b + a, n); }
    const most = Math.max(...cells.values());
    const head = make("tr", {}, make("td"), ...kept.map((c) => make("th", { scope: "col", title: land_name(c) }, c)));
    const body = kept.map((a) => make("tr", {}, make("th", { scope: "row" }, land_name(a)), ...kept.map((b) => {
      const n = cells.get(a + b);
      if (!n || a === b) return make("td", {}, "");
      const button = make("button", { type: "button", "aria-label": `${land_name(a)} and ${land_name(b)}: ${n} events`, on: { click: () => set({ country: a, country2: b }) } }, String(n));
      button.style.backgroundColor = `rgba(var(--heat),${(0.08 + 0.42 * Math.sqrt(n / most)).toFixed(2)})`;
      return make("td", {}, button);
    })));
    const cutShort = weight.size > kept.length ? `The ${kept.length} of ${weight.size} countries with most meetings. ` : "";
    return [make("div", { class: "wide", tabindex: "0", role: "region", "aria-labelledby": "c-mat" }, make("table", { class: "matrix" }, make("thead", {}, head), make("tbody", {}, ...body))),
      make("p", { class: "key" }, `${cutShort}Meetings and calls between the two; press a number to filter.`)];
  }

  /* Map -------------------------------------------------------------------------------------------- */
  const across = (lon) => ((lon + 180) / 360) * 640, down = (lat) => ((84 - lat) / 142) * 300;
  const coast = land.map((ring) => "M" + ring.map(([x, y]) => `${across(x).toFixed(1)} ${down(y).toFixed(1)}`).join("L") + "Z").join("");
  function map(rows) {
    const svg = picture(640, 300, "Places of the events");
    svg.append(draw("path", { d: coast, class: "land" }));
    const counted = tally(rows.filter((e) => e.w !== null).map((e) => [e.w]));
    const drawn = counted.filter(([at]) => places[at].y !== null);
    const most = drawn.length ? drawn[0][1] : 1;
    const names = [], taken = [];
    for (const [at, n] of drawn) {
      const p = places[at], r = 3 + 11 * Math.sqrt(n / most), x = across(p.x), y = down(p.y);
      svg.append(press(draw("circle", { cx: x, cy: y, r, class: "spot" }), `${p.n}: ${n} events`, () => set({ place: String(at) })));
      const box = { x, y: y - r - 4, w: p.n.length * 4.2 };
      if (names.length < 14 && !taken.some((t) => Math.abs(t.x - x) < t.w + box.w && Math.abs(t.y - box.y) < 13)) {
        taken.push(box);
        names.push(draw("text", { x, y: box.y, "text-anchor": "middle", class: "halo", lang: "hi", "aria-hidden": "true", "pointer-events": "none" }, p.n));
      }
    }
    svg.append(...names);
    const off = counted.filter(([at]) => places[at].y === null).reduce((sum, [, n]) => sum + n, 0);
    const without = rows.filter((e) => e.w === null).length;
    return [svg, make("p", { class: "key" }, `${number.format(without)} events without a place${off ? `, ${off} at a place of unknown position` : ""}.`),
      asTable(["place", "country", "events"], counted.map(([at, n]) => [places[at].n, places[at].c || "", n]))];
  }

  /* List ------------------------------------------------------------------------------------------- */
  const named = (p) => people[p.p].n + (p.c && p.c !== people[p.p].id ? ` (${p.c})` : "");
  function sides(event) {
    const second = event.who.filter((p) => p.s === 2), first = event.who.filter((p) => p.s !== 2);
    if (!second.length && (event.kind === "meeting" || event.kind === "call") && first.every((p) => p.s === null)) return [first.slice(0, 1), first.slice(1)];
    return [first, second];
  }
  function shown(event) {
    const doc = docs[event.d], [first, second] = sides(event);
    const who = [first, second].filter((s) => s.length).map((s) => s.map(named).join(", ")).join(" – ") || "(nobody named)";
    const place = event.w === null ? "place unknown" : `${places[event.w].n} (${event.wb})`;
    const when = event.t === null ? "date unknown" : `${event.t} (${event.tb})`;
    const quotes = event.said.map((pieces) => make("blockquote", { lang: "hi" },
      ...pieces.map(([words, mark]) => (mark ? make("mark", { class: mark }, words) : words))));
    const safe = doc.url !== null && /^https?:\/\//i.test(doc.url);
    const source = doc.title || doc.id;
    return make("article", { class: "event" },
      make("h3", {}, make("span", { lang: "hi" }, who), make("span", { class: "badge b-kind" }, event.kind), make("span", { class: `badge b-${event.status}` }, said(event.status))),
      make("p", { class: "meta" }, `${when} · `, make("span", { lang: "hi" }, place), event.o ? ` · at: ${event.o}` : ""),
      event.topics.length ? make("p", {}, "About: ", make("span", { lang: "hi" }, event.topics.join("; "))) : null,
      ...quotes,
      make("p", { class: "why" }, "From ", safe ? make("a", { href: doc.url, rel: "noopener noreferrer" }, source) : source,
        doc.published ? ` · ${doc.published}` : "", ` · ${event.rule} · confidence ${event.conf.toFixed(2)}`, event.codes ? ` · ${event.codes}` : ""));
  }
  let rows = [], upTo = 0;
  function more() {
    $("events").append(...rows.slice(upTo, upTo + PAGE).map(shown));
    upTo += PAGE;
    $("more").hidden = upTo >= rows.length;
    $("more").textContent = `Show ${Math.min(PAGE, Math.max(0, rows.length - upTo))} more of ${number.format(rows.length)}`;
  }
  function refresh() {
    rows = chosen();
    rows.sort((a, b) => (b.a || "").localeCompare(a.a || ""));
    $("count").textContent = `${number.format(rows.length)} of ${number.format(events.length)} events from ${number.format(docs.length)} articles`;
    $("events").replaceChildren();
    if (!rows.length) $("events").append(make("p", { class: "none" }, "No event matches these filters."));
    upTo = 0;
    more();
    for (const [id, render] of Object.entries({ timeline, network, matrix, map })) $(id).replaceChildren(...render(rows));
  }

  /* CSV: a cell that a spreadsheet would run begins with an apostrophe. */
  const cell = (value) => {
    const text = value === null || value === undefined ? "" : String(value);
    const kept = /^[=+\-@\t\r\n'\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? "'" + text : text;
    return `"${kept.replaceAll('"', '""')}"`;
  };
  function csv() {
    const heads = ["doc", "title", "published", "url", "event", "kind", "status", "who", "with_whom", "people", "countries", "place", "place_basis",
      "time", "first", "last", "time_basis", "topics", "occasion", "sentence", "rule", "confidence", "codes"];
    const lines = rows.map((e) => {
      const doc = docs[e.d], [first, second] = sides(e);
      return [doc.id, doc.title, doc.published, doc.url, e.id, e.kind, e.status, first.map(named).join("; "), second.map(named).join("; "),
        e.ids.map((p) => people[p].id).join("; "), e.lands.join("; "), e.w === null ? "" : places[e.w].n, e.wb, e.t, e.a, e.z, e.tb,
        e.topics.join("; "), e.o, e.said.map((s) => s.map((x) => x[0]).join("")).join(" "), e.rule, e.conf, e.codes];
    });
    return "\uFEFF" + [heads, ...lines].map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
  }
  $("export").addEventListener("click", () => {
    const link = make("a", { href: URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" })), download: "events.csv" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  let waiting = 0;
  $("filters").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(refresh, 120); });
  $("filters").addEventListener("submit", (e) => { e.preventDefault(); refresh(); });
  $("filters").addEventListener("reset", () => setTimeout(refresh, 0));
  $("more").addEventListener("click", more);
  window.hindiDiploReport = { csv, chosen };
  refresh();
})();
