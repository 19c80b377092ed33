// Spares the reload. The server draws every line, from the same template as the page; this script only appends
// what the server drew. Without it the page's forms do the same.

const QUIET_MS = 5000;
const OFFLINE_MS = 15000;
const NOT_SENT = "沒有送出去，請檢查網路後再送一次。";
const OFFLINE = "連線中斷，正在重試…";
const SENDING_FILES = "正在上傳檔案…";

const scroller = document.getElementById("scroller");
const log = document.getElementById("log");
const typing = document.getElementById("typing");
const status = document.getElementById("status");
const notice = document.getElementById("notice");
const newer = document.getElementById("newer");
const composer = document.getElementById("composer");
const input = document.getElementById("text");
const hint = document.getElementById("hint");
/** The paperclip and what was chosen with it; none of it is there where the page takes no files. */
const files = document.getElementById("files");
const chosen = document.getElementById("chosen");
const longest = Number(input.dataset.longest);
const hintWords = hint.textContent;

let after = Number(log.dataset.after);
let timer = 0;
let ended = false;
/** Sends under way or failed: content -> one-time id, so that trying again cannot ask twice. */
const unsent = new Map();
const sending = new Set();

/** A random id. `crypto.randomUUID` exists on https only; this runs on a school's plain intranet too. */
function once() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function atBottom() {
  // The scroller is reversed: 0 is the bottom, upwards is negative.
  return Math.abs(scroller.scrollTop) < 80;
}

function showNewest() {
  scroller.scrollTop = 0;
  newer.hidden = true;
  const question = [...log.querySelectorAll(".own")].at(-1);
  const last = log.lastElementChild;
  if (!question || !last) return;
  const height = last.getBoundingClientRect().bottom - question.getBoundingClientRect().top;
  if (height <= scroller.clientHeight) return;
  // An answer taller than the window is read from its beginning, and a question that fills it is not read again.
  const long = question.getBoundingClientRect().height > scroller.clientHeight / 2;
  (long ? last : question).scrollIntoView({ block: "start" });
}

/** Append what is new; returns the rows that were not there before. */
function append(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const rows = [...template.content.children].filter((row) => !document.getElementById(row.id));
  for (const row of rows) row.classList.add("fresh");
  log.append(...rows);
  return rows.filter((row) => row.classList.contains("row"));
}

function take(news, mine) {
  const follow = mine || atBottom();
  const rows = append(news.html);
  after = Math.max(after, news.after);
  typing.hidden = !news.waiting;
  status.textContent = news.waiting ? "學伴正在查資料" : "";
  if (follow && (rows.length || news.waiting)) showNewest();
  else if (rows.length) newer.hidden = false;
}

async function ask(address, options) {
  const response = await fetch(address, { ...options, headers: { Accept: "application/json" } });
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.error), { sentence: body.error, code: response.status });
  return body;
}

/** Fetch what is new; with `wait` the server holds the request until the answer is there, 2 seconds at most. */
async function look({ wait = false, mine = false } = {}) {
  clearTimeout(timer);
  if (ended) return;
  let pause = QUIET_MS;
  try {
    const news = await ask(`/chat/messages?after=${after}${wait ? "&wait=1" : ""}`);
    take(news, mine);
    if (notice.textContent === OFFLINE) notice.textContent = "";
    if (news.waiting) pause = 0;
  } catch (error) {
    ended = error.code === 401;
    notice.textContent = ended ? error.sentence : OFFLINE;
    typing.hidden = true;
    pause = OFFLINE_MS;
  }
  clearTimeout(timer);
  if (!ended) timer = setTimeout(next, pause);
}

function next() {
  // A hidden tab asks nothing; becoming visible asks at once.
  if (!document.hidden) look({ wait: !typing.hidden });
}

/** Post one message or button; true once it is stored. */
async function send(field, value) {
  const content = `${field}=${value}`;
  if (sending.has(content)) return false;
  sending.add(content);
  if (!unsent.has(content)) unsent.set(content, once());
  const body = new URLSearchParams({ id: unsent.get(content), after: String(after), [field]: value });
  try {
    take(await ask("/chat", { method: "POST", body }), true);
    unsent.delete(content);
    notice.textContent = "";
    return true;
  } catch (error) {
    notice.textContent = error.sentence ?? NOT_SENT;
    return false;
  } finally {
    sending.delete(content);
  }
}

/** Post the words and files of the composer; true once they are stored. */
async function sendFiles(list, text) {
  const content = ["files", text, ...list.map((file) => `${file.name} ${file.size} ${file.lastModified}`)].join("\n");
  if (sending.has(content)) return false;
  sending.add(content);
  if (!unsent.has(content)) unsent.set(content, once());
  const body = new FormData();
  for (const [name, value] of [["id", unsent.get(content)], ["after", String(after)], ["text", text]]) body.set(name, value);
  for (const file of list) body.append("file", file);
  notice.textContent = "";
  status.textContent = SENDING_FILES;
  hint.textContent = SENDING_FILES;
  try {
    take(await ask("/chat", { method: "POST", body }), true);
    unsent.delete(content);
    return true;
  } catch (error) {
    notice.textContent = error.sentence ?? NOT_SENT;
    return false;
  } finally {
    sending.delete(content);
    fit();
  }
}

/** What is wrong with the choice of files, as one sentence; empty where nothing is. */
function problemOf(list) {
  const largest = Number(files.dataset.largest);
  const most = Number(files.dataset.most);
  if (list.length > most) return `一次最多 ${most} 個檔案，請分次再傳。`;
  const tooLarge = list.find((file) => file.size > largest);
  return tooLarge ? `「${tooLarge.name}」超過 ${largest / 1048576} MB，請縮小或分開再傳。` : "";
}

function showChosen() {
  const list = [...files.files];
  notice.textContent = problemOf(list);
  if (notice.textContent) files.value = "";
  chosen.hidden = !files.files.length;
  chosen.firstElementChild.textContent = files.files.length ? `要送出：${list.map((file) => file.name).join("、")}` : "";
}

function unchoose() {
  files.value = "";
  showChosen();
}

function fit() {
  if (!CSS.supports("field-sizing", "content")) input.rows = Math.min(5, input.value.split("\n").length);
  const length = Array.from(input.value).length;
  hint.textContent = length > longest * 0.9 ? `${length.toLocaleString()}／${longest.toLocaleString()} 字` : hintWords;
}

async function sendText() {
  const text = input.value;
  const list = files ? [...files.files] : [];
  if (!text.trim() && !list.length) return;
  input.value = "";
  fit();
  if (await (list.length ? sendFiles(list, text) : send("text", text))) {
    if (list.length) unchoose();
    await look({ wait: true, mine: true });
  } else if (!input.value) {
    input.value = text;
    fit();
  }
}

async function press(button) {
  const inTalk = button.closest("#log");
  if (!(await send(button.name, button.value))) return;
  await look({ wait: true, mine: true });
  // The chips of an older line vanish; without this the keyboard would lose its place. The answer's own
  // choices are one Tab further.
  const answer = log.lastElementChild;
  if (inTalk && answer.classList.contains("theirs")) answer.focus({ preventScroll: true });
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target === composer) {
    sendText();
    input.focus();
  } else {
    press(event.submitter);
  }
});

input.addEventListener("keydown", (event) => {
  // 229: Safari ends a composition (注音、倉頡) with a keydown that no longer says isComposing.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  sendText();
});
input.addEventListener("input", fit);
files?.addEventListener("change", () => {
  showChosen();
  input.focus();
});
document.getElementById("unchoose")?.addEventListener("click", () => {
  unchoose();
  files.focus();
});
newer.addEventListener("click", () => {
  scroller.scrollTop = 0;
  newer.hidden = true;
  input.focus();
});
scroller.addEventListener("scroll", () => {
  if (atBottom()) newer.hidden = true;
});
document.addEventListener("visibilitychange", next);
window.addEventListener("online", next);

fit();
if (matchMedia("(hover: hover)").matches) input.focus();
next();
