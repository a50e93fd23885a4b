"use strict";

// What comes from the server is set as text, never as markup: names, reasons and errors may hold any.

const EVERY_MS = 2000;
const CHART_EVERY_MS = 30000;
const PATIENCE_MS = 15000;
const KEPT_AS = "undercurrent-token";

const HELD = ["paused", "held", "disabled", "backing-off", "dependency", "ready"];
const BAD = ["given-up", "undefined", "definition-changed", "cycle", "down"];

let token = sessionStorage.getItem(KEPT_AS);
let asking = false;
let askAgain = false;
let timer;
let ahead = 0;
let goneSince = null;
let states = new Map();

const byId = (id) => document.getElementById(id);
const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const number = (value) => numbers.format(value);

/** A request of the API; a token that is refused is forgotten. */
async function call(path, body) {
  const used = token;
  const response = await fetch("api/" + path, {
    method: body ? "POST" : "GET",
    headers: { Authorization: "Bearer " + used },
    body: body ? JSON.stringify(body) : undefined,
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const answer = await response.json().catch(() => ({}));
  if (used === token && (response.status === 401 || response.status === 403)) {
    forget("The token was refused: " + (answer.error || "HTTP " + response.status));
  }
  if (!response.ok) {
    throw new Error(answer.error || "HTTP " + response.status);
  }
  return answer;
}

async function ask() {
  clearTimeout(timer);
  if (asking) {
    askAgain = true;
    return;
  }
  if (!token || document.hidden) {
    return;
  }
  asking = true;
  askAgain = false;
  const used = token;
  try {
    const page = await call("status");
    if (used === token) {
      show(page);
    }
  } catch (failure) {
    if (used === token) {
      showGone(failure);
    }
  } finally {
    asking = false;
    timer = setTimeout(ask, askAgain || used !== token ? 0 : EVERY_MS);
  }
}

function forget(why) {
  token = null;
  sessionStorage.removeItem(KEPT_AS);
  states = new Map();
  goneSince = null;
  byId("pause").close();
  byId("databases").replaceChildren();
  for (const id of ["gone", "failed", "news", "who"]) {
    byId(id).textContent = "";
  }
  showLogin(why);
}

function showLogin(why) {
  byId("leave").hidden = true;
  byId("login").hidden = false;
  byId("token-refused").textContent = why;
  byId("token").value = "";
  byId("token").focus();
}

function logIn(event) {
  event.preventDefault();
  const given = byId("token").value.trim();
  if (!/^[\x21-\x7e]+$/.test(given)) {
    showLogin("A token has letters, digits and signs only, and no spaces");
    return;
  }
  token = given;
  sessionStorage.setItem(KEPT_AS, token);
  byId("token").value = "";
  byId("token-refused").textContent = "";
  ask();
}

/** What is said again is not read out again. */
function say(id, text) {
  if (byId(id).textContent !== text) {
    byId(id).textContent = text;
  }
}

function showGone(failure) {
  goneSince = goneSince || new Date();
  say("gone",
    "The server has not answered since " + clockTime(goneSince) + " (" + failure.message +
    "). What is shown may be out of date. The page goes on asking.");
  byId("databases").classList.add("old");
}

function show(page) {
  goneSince = null;
  ahead = Date.parse(page.now) - Date.now();
  say("gone", "");
  byId("login").hidden = true;
  byId("leave").hidden = false;
  byId("who").textContent =
    page.operator + (page.may_change ? "" : ", read-only") + ", as of " + clockTime(new Date());
  byId("databases").classList.remove("old");
  const before = states;
  states = new Map();
  keyed(byId("databases"), page.databases, (each) => each.status.database, "database",
    (parts, database) => showDatabase(parts, database, page.may_change));
  announce(before);
}

/** Says to those who do not see the page which states are others now. */
function announce(before) {
  const news = [...states]
    .filter(([what, state]) => before.size > 0 && before.get(what) !== state)
    .map(([what, state]) => what + ": " + state);
  if (news.length > 0) {
    byId("news").textContent = news.join(". ");
  }
}

/** Makes elements of a template for what is new, fills all and drops the rest; focus stays. */
function keyed(parent, items, key, template, fill) {
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, at) => {
    let child = known.get(key(item));
    if (!child) {
      child = byId(template).content.firstElementChild.cloneNode(true);
      child.dataset.key = key(item);
    }
    known.delete(key(item));
    fill(parts(child), item);
    if (parent.children[at] !== child) {
      parent.insertBefore(child, parent.children[at] || null);
    }
  });
  known.forEach((child) => child.remove());
}

/** The elements that are filled, by their names; not those of an element within. */
function parts(element) {
  const found = {};
  for (const part of element.querySelectorAll("[data-field]")) {
    if (part.parentElement.closest("[data-key]") === element) {
      found[part.dataset.field] = part;
    }
  }
  return found;
}

function showDatabase(parts, database, mayChange) {
  const { status, reasons, updates } = database;
  const name = status.database;
  const pauseOfAll = status.pauses.find((pause) => pause.update === null);
  parts.name.textContent = name;
  showState(parts.state, name, databaseState(status, pauseOfAll));
  showFacts(parts.facts, status.problem ? [] : databaseFacts(status));
  showList(parts.reasons, reasons
    .filter((reason) => reason.cause !== "paused")
    .map((reason) => reason.reason)
    .concat(pauseOfAll ? [pauseText(pauseOfAll)] : []));
  showAction(parts.act, mayChange && !status.problem, !status.enabled, name, null);
  keyed(parts.updates, updates, (each) => each.update, "update",
    (own, update) => showUpdate(own, update, status, mayChange));
}

function databaseState(status, pauseOfAll) {
  if (status.problem) {
    return "down";
  }
  if (pauseOfAll) {
    return "paused";
  }
  if (!status.enabled) {
    return "disabled";
  }
  return status.runner ? "enabled" : "no runner";
}

function databaseFacts(status) {
  const alive = status.workers.filter((worker) => worker.alive).length;
  return [
    ["runner", status.runner && [
      (status.runner.this_process ? "this server" : status.runner.owner) + ", since ",
      time(status.runner.since)]],
    ["workers", alive > 0 && number(alive)],
    ["queued", number(status.queued)],
  ];
}

function showUpdate(parts, update, status, mayChange) {
  const current = status.current && status.current.update === update.update ? status.current : null;
  const pause = status.pauses.find((each) => each.update === update.update);
  parts.name.textContent = update.update;
  showState(parts.state, update.update + " on " + status.database, update.state);
  showAction(parts.act, mayChange, Boolean(pause), status.database, update.update);
  showProgress(parts, update, current);
  showList(parts.reasons, update.reasons
    .filter((reason) => reason.cause !== "paused")
    .map((reason) => reason.reason)
    .concat(pause ? [pauseText(pause)] : []));
  showFacts(parts.facts, updateFacts(update, current));
  showCurves(parts, status.database, update, current);
}

/** Drawn once it is opened, and then every while: there is a sample a minute. */
function showCurves(parts, database, update, current) {
  const { curves, chart } = parts;
  curves.hidden = !current;
  const draw = () => {
    if (!curves.hidden && curves.open && Date.now() - (chart.dataset.at || 0) > CHART_EVERY_MS) {
      chart.dataset.at = Date.now();
      drawChart(chart, { database, update: update.update, run: update.run });
    }
  };
  chart.setAttribute("aria-label", "Chart of " + update.update);
  curves.ontoggle = draw;
  draw();
}

async function drawChart(chart, run) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  try {
    const { svg } = await call("chart?" + new URLSearchParams({ ...run, zone }));
    // The one thing that is not text: drawn by the server, with all that is in it escaped.
    chart.replaceChildren(svg === null
      ? "A run writes what it has done once a minute; there is too little yet to draw."
      : document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true));
    // what was last, where not all of it has room
    chart.scrollLeft = chart.scrollWidth;
  } catch (failure) {
    chart.replaceChildren("It cannot be drawn now: " + failure.message);
  }
}

function pauseText(pause) {
  return [
    (pause.update === null ? "All updates are paused by " : "Paused by ") + pause.author + ", since ",
    time(pause.paused_at),
    pause.until ? ", until " : "",
    pause.until ? time(pause.until) : "",
    pause.reason ? ": " + pause.reason : "",
  ];
}

function updateFacts(update, current) {
  const facts = [["job", update.job + ", run " + update.run]];
  if (current) {
    facts.push(
      ["done", number(current.items) + " items in " + count(current.iterations, "iteration") +
        (current.changed === null ? "" : ", " + count(current.changed, "changed row"))],
      ["rate", current.items_per_ms !== null && number(current.items_per_ms * 1000) + " items/s while it works"],
      ["chunk", current.chunk_size !== null && current.last_iteration_ms !== null &&
        number(current.chunk_size) + " items; the last took " + number(current.last_iteration_ms) + " ms"],
      ["lanes", current.lanes_wanted > 1 && number(current.lanes_wanted)]);
  }
  const isSaid = update.reasons.some((reason) => reason.reason.includes(update.last_error));
  facts.push(
    ["quarantine", update.quarantined > 0 && count(update.quarantined, "row")],
    ["last error", update.last_error !== null && !isSaid &&
      [update.last_error + " (", time(update.last_error_at), ")"]],
    ["queued", [time(update.queued_at)]]);
  return facts;
}

const count = (value, noun) => number(value) + " " + noun + (value === 1 ? "" : "s");

function showProgress(parts, update, current) {
  const build = current && current.index_build;
  parts.progress.hidden = !current || (current.percent === null && !build);
  if (parts.progress.hidden) {
    return;
  }
  parts.bar.setAttribute("aria-label", "Progress of " + update.update);
  if (current.percent === null) {
    parts.bar.removeAttribute("value");
  } else {
    parts.bar.value = current.percent;
  }
  parts.percent.textContent = [
    current.percent !== null && percents(current.percent, current.percent_at_most),
    current.time_left_at_most_ms > 0 && duration(current.time_left_at_most_ms) + " left",
    build && build.phase + (build.done ? ", " + build.done : ""),
    current.basis,
  ].filter(Boolean).join("; ");
}

/** Whole percents, and 100 only for what is finished. */
function percents(least, most) {
  const [from, to] = [Math.floor(least), Math.floor(most)];
  return from === to ? from + " %" : from + " to " + to + " %";
}

function showState(element, what, state) {
  const words = state.replaceAll("-", " ");
  element.textContent = words;
  element.dataset.tone =
    BAD.includes(state) ? "bad" : HELD.includes(state) || state === "no runner" ? "held"
      : state === "running" || state === "enabled" ? "good" : "plain";
  states.set(what, words);
}

function showAction(button, mayAct, isHeld, database, update) {
  const subject = (update === null ? "all updates" : update) + " on " + database;
  const verb = isHeld ? "Resume" : "Pause";
  button.hidden = !mayAct;
  button.textContent = update === null ? verb + " all" : verb;
  button.setAttribute("aria-label", button.textContent + ": " + subject);
  button.onclick = () =>
    isHeld ? act(button, "resume", { database, update }) : askForReason(button, subject, { database, update });
}

function askForReason(button, subject, wish) {
  const dialog = byId("pause");
  byId("pause-title").textContent = "Pause " + subject;
  byId("reason").value = "";
  dialog.querySelector("form").onsubmit = (event) => {
    event.preventDefault();
    dialog.close();
    act(button, "pause", { ...wish, reason: byId("reason").value });
  };
  dialog.showModal();
  byId("reason").focus();
}

async function act(button, verb, wish) {
  byId("failed").textContent = "";
  button.setAttribute("aria-busy", "true");
  try {
    await call(verb, wish);
  } catch (failure) {
    if (token) {
      byId("failed").textContent = "Could not " + verb + ": " + failure.message;
    }
  } finally {
    button.removeAttribute("aria-busy");
    ask();
  }
}

/** Items of text and elements. */
function showList(list, items) {
  list.replaceChildren(...items.map((item) => filled("li", item)));
}

/** Those that are known. */
function showFacts(list, facts) {
  list.replaceChildren(...facts
    .filter(([, value]) => value)
    .flatMap(([name, value]) => [filled("dt", name), filled("dd", value)]));
}

function filled(tag, content) {
  const element = document.createElement(tag);
  element.append(...[content].flat());
  return element;
}

/** When something was or will be: by this machine's clock, and how long that is from now. */
function time(instant) {
  const at = new Date(instant);
  const element = filled("time", clockTime(at) + " (" + relative(at) + ")");
  element.dateTime = instant;
  element.title = instant;
  return element;
}

function clockTime(at) {
  const local = at.toLocaleString("sv-SE");
  return local.startsWith(new Date().toLocaleDateString("sv-SE")) ? local.slice(11) : local;
}

function relative(at) {
  const ms = Date.now() + ahead - at;
  return ms < 0 ? "in " + duration(-ms) : duration(ms) + " ago";
}

function duration(ms) {
  const s = Math.floor(ms / 1000);
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => s >= size);
  if (first < 0) {
    return "0 s";
  }
  const [unit, size] = units[first];
  const [smaller, part] = units[first + 1] || [];
  const rest = part ? Math.floor((s % size) / part) : 0;
  return Math.floor(s / size) + " " + unit + (rest > 0 ? " " + rest + " " + smaller : "");
}

byId("login").addEventListener("submit", logIn);
byId("leave").addEventListener("click", () => forget(""));
byId("pause-no").addEventListener("click", () => byId("pause").close());
document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(timer) : ask());

if (token) {
  ask();
} else {
  showLogin("");
}
