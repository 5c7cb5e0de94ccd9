// Receiving: the field is free again the moment a scan is in it. Scans are sent one after the other,
// each with a name of its own, so that one that is sent again after a lost answer counts once.
const form = document.getElementById("receiving-form");
const code = form?.elements.namedItem("code");
const queue = [];
let isSending = false;
let audio;

function newScan() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// High and short: done. Low and long: look at the screen.
function sound(isGood) {
  try {
    audio ??= new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = isGood ? 880 : 196;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + (isGood ? 0.09 : 0.45));
  } catch {
    // A browser without sound still says it in words.
  }
}

function say(sentence) {
  const result = document.getElementById("receiving-result");
  const line = document.createElement("p");
  line.className = "font-semibold mb-4";
  line.textContent = sentence;
  result.replaceChildren(line);
}

function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const result = page.getElementById("receiving-result");
  if (!result) return false;
  // The region itself stays, so that what changes in it is read out.
  for (const id of ["receiving-result", "receiving-list"]) {
    document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes);
  }
  sound(result.dataset.outcome === "done");
  return true;
}

async function post(body, tries = 3) {
  for (let left = tries; left > 0; left -= 1) {
    try {
      const answer = await fetch(window.location.href, {
        method: "POST",
        headers: { "X-Requested-With": "receiving" },
        body,
      });
      if (answer.status !== 503 && show(await answer.text())) return;
    } catch {
      // The network: try again below.
    }
    if (left > 1) say(form.dataset.again);
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  say(form.dataset.lost);
  sound(false);
}

async function send() {
  if (isSending) return;
  isSending = true;
  while (queue.length) await post(queue.shift());
  isSending = false;
}

function ready() {
  form.elements.namedItem("scan").value = newScan();
  const copies = form.elements.namedItem("copies");
  copies.value = copies.defaultValue;
  code.value = "";
  code.focus();
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    queue.push(new FormData(form));
    ready();
    send();
  });
  document.getElementById("receiving-list").addEventListener("submit", (event) => {
    if (!event.target.matches("[data-receiving-undo]")) return;
    event.preventDefault();
    queue.push(new FormData(event.target));
    code.focus();
    send();
  });
  code.focus();
}
