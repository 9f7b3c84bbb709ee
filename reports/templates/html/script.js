"use strict";
(() => {
  const page = document.documentElement;
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const toolbar = document.querySelector(".toolbar");
  const search = document.getElementById("search");
  const choices = all("select[data-for]", toolbar);
  const items = all(".item");
  const groups = all(".group");
  const texts = new Map();

  // Search and filters. What has no such attribute is not about it, and stays.
  function textOf(item) {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  }

  function titleOf(item) {
    const head = item.closest(".policy, .missing, .waiver");
    return head ? textOf(head.querySelector("header") || head.querySelector("h3")) : "";
  }

  function fits(item, words, wanted) {
    for (const [name, value] of wanted) {
      const about = item.closest(`[data-${name}]`);
      if (!about) continue;
      const said = about.dataset[name];
      if (name === "m" ? !said.includes(` ${value} `) : said !== value) return false;
    }
    return words.every((word) => textOf(item).includes(word) || titleOf(item).includes(word));
  }

  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = choices.filter((one) => one.value).map((one) => [one.dataset.for, one.value]);
    const active = words.length > 0 || wanted.length > 0;
    let shown = 0;
    for (const item of items) {
      item.hidden = active && !fits(item, words, wanted);
      if (!item.hidden) shown += 1;
    }
    for (const group of groups) {
      const own = all(".item", group);
      if (own.length) group.hidden = own.every((item) => item.hidden);
    }
    for (const section of all("main > section")) {
      const own = all(".item", section);
      section.hidden = active && own.length > 0 && own.every((item) => item.hidden);
    }
    for (const link of all("nav a")) link.parentElement.hidden = document.querySelector(link.hash).hidden;
    document.getElementById("shown").textContent = active ? `${shown} of ${items.length} entries` : "";
  }

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 100);
  });
  toolbar.addEventListener("change", filter);
  toolbar.addEventListener("reset", () => setTimeout(filter));
  toolbar.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  toolbar.hidden = false;
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search && search.value) {
      event.preventDefault();
      search.value = "";
      filter();
    }
  });

  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const dark = page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    page.dataset.theme = dark ? "light" : "dark";
  });

  for (const button of all("button[data-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const found = all(button.dataset.open);
      const open = found.some((one) => !one.open && !one.hidden);
      for (const one of found) one.open = open;
      button.textContent = open ? "Close all" : "Open all";
    });
  }

  // A link opens what it leads to.
  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.hidden || target.closest("[hidden]")) {
      toolbar.reset();
      search.value = "";
      filter();
    }
    for (const one of all(".target")) one.classList.remove("target");
    for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    if (target.matches(".item")) target.classList.add("target");
    target.scrollIntoView();
    const head = target.matches("details") && target.querySelector("summary");
    if (head) head.focus({ preventScroll: true });
  }
  addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) reveal();
  });

  // The evidence of what passes, where somebody opens a control.
  let evidence = null;
  let printing = false;
  let closed = [];
  const spread = (runs) => runs.flatMap((run, at) => (run < 0 ? Array.from({ length: -run }, (_, n) => runs[at - 1] + n + 1) : run));
  function show(box) {
    if (box.childElementCount) return;
    if (!evidence) {
      evidence = JSON.parse(document.getElementById("evidence").textContent);
      evidence.places = evidence.places.flatMap((own, file) =>
        own.flatMap((line, at) => (at % 2 ? [] : [[file, line, own[at + 1]]])));
    }
    const found = evidence.passed[box.dataset.control] || [];
    const name = (entry) => evidence.modules[entry[0]];
    const table = document.createElement("table");
    let checks = 0;
    for (const entry of [...found].sort((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : a[1] - b[1]))) {
      const row = table.insertRow();
      row.insertCell().textContent = name(entry);
      const policy = document.createElement("code");
      policy.textContent = evidence.policies[entry[1]];
      row.insertCell().append(policy);
      const cell = row.insertCell();
      for (const number of spread(entry.slice(2))) {
        const [file, line, address] = evidence.places[number];
        const place = document.createElement("code");
        place.className = "place";
        place.textContent = evidence.files[file] + (line ? `:${line}` : "");
        const shown = document.createElement("div");
        shown.append(place, address < 0 ? "" : ` ${evidence.addresses[address]}`);
        cell.append(shown);
        checks += 1;
      }
    }
    const head = document.createElement("p");
    head.textContent = checks ? `Checks that pass: ${checks}` : "No check passes.";
    head.className = "muted";
    box.append(head);
    if (checks) box.append(table);
  }
  document.addEventListener("toggle", (event) => {
    if (event.target.open && !printing && event.target.matches(".control")) all(".passed", event.target).forEach(show);
  }, true);

  // The sheet of modules and controls: arrow keys move, Enter and a click lead to the control.
  for (const sheet of all(".heat")) {
    const links = all(".control a", sheet);
    const rows = all("tbody tr", sheet);
    const cells = (row) => [...row.cells].slice(3);
    let current = rows.length ? cells(rows[0])[0] : null;
    if (current) current.tabIndex = 0;
    const name = (cell) => {
      const row = cell.parentElement;
      const said = { p: "pass", f: "fail", u: "unknown", w: "waived" }[cell.className] || "does not apply";
      cell.setAttribute("aria-label", `${row.cells[0].title}, ${links[cells(row).indexOf(cell)].textContent}: ${said}`);
    };
    const move = (cell) => {
      if (!cell) return;
      current.removeAttribute("tabindex");
      current = cell;
      current.tabIndex = 0;
      name(cell);
      cell.focus();
    };
    sheet.addEventListener("keydown", (event) => {
      if (event.target.tagName !== "TD") return;
      const visible = rows.filter((row) => !row.hidden);
      const row = visible.indexOf(event.target.parentElement);
      const column = cells(event.target.parentElement).indexOf(event.target);
      const at = (r, c) => visible[r] && cells(visible[r])[c];
      const next = {
        ArrowLeft: () => at(row, column - 1), ArrowRight: () => at(row, column + 1),
        ArrowUp: () => at(row - 1, column), ArrowDown: () => at(row + 1, column),
        Home: () => at(row, 0), End: () => at(row, links.length - 1),
      }[event.key];
      if (next) {
        event.preventDefault();
        move(next());
      } else if (event.key === "Enter") {
        lead(event.target);
      }
    });
    const lead = (cell) => {
      const column = cells(cell.parentElement).indexOf(cell);
      if (column >= 0 && cell.className) links[column].click();
    };
    sheet.addEventListener("click", (event) => {
      const cell = event.target.closest("td");
      if (cell) lead(cell);
    });
    sheet.addEventListener("focusin", (event) => {
      if (event.target.tagName === "TD") name(event.target);
    });
    sheet.addEventListener("mouseover", (event) => {
      const cell = event.target.closest("td");
      const column = cell ? cells(cell.parentElement).indexOf(cell) : -1;
      if (column >= 0) cell.title = `${links[column].textContent}: ${links[column].title}`;
    });
  }

  // The section that is being read.
  const entries = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      if (!isIntersecting) continue;
      for (const link of entries.values()) link.classList.remove("here");
      if (entries.has(target.id)) entries.get(target.id).classList.add("here");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  all("main > section").forEach((section) => seen.observe(section));

  // On paper everything that was found is open; what passes only where the reader had opened it.
  addEventListener("beforeprint", () => {
    printing = true;
    closed = all("details:not([open])");
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
    setTimeout(() => (printing = false));
  });
  reveal();
})();
