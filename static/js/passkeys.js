// Passkeys for forms with data-passkey ("get" signs, "create" makes one). The form fetches its
// question from data-question, asks the device, and sends the answer in its field `credential`.
// Its sentences for people are data- attributes. Without this file such forms stay hidden.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) =>
    letter.charCodeAt(0),
  );

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const key = (known) => ({ ...known, id: bytes(known.id) });

class Refused extends Error {}

async function question(form) {
  const response = await fetch(form.dataset.question, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  const said = await response.json();
  if (!response.ok) throw new Refused(said.error.message);
  const asked = { ...said, challenge: bytes(said.challenge) };
  if (said.user) asked.user = { ...said.user, id: bytes(said.user.id) };
  if (said.allowCredentials) asked.allowCredentials = said.allowCredentials.map(key);
  if (said.excludeCredentials) asked.excludeCredentials = said.excludeCredentials.map(key);
  return asked;
}

function answer(credential) {
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const response = {};
  for (const name of names) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: text(credential.rawId), type, response });
}

function sentence(form, error) {
  if (error instanceof Refused) return error.message;
  const words = form.dataset;
  const known = {
    NotAllowedError: words.cancelled,
    InvalidStateError: words.known,
    SecurityError: words.elsewhere,
  };
  return known[error.name] || words.failed;
}

function set(form) {
  const say = form.querySelector("[data-say]");
  const makes = form.dataset.passkey === "create";
  let waiting = null; // the quiet question of the browser's autofill

  async function ask(options) {
    const publicKey = await question(form);
    const call = { publicKey, ...options };
    const credential = makes
      ? await navigator.credentials.create(call)
      : await navigator.credentials.get(call);
    form.elements.credential.value = answer(credential);
    form.submit();
  }

  async function wait() {
    const offers = await PublicKeyCredential.isConditionalMediationAvailable?.();
    if (!offers) return;
    const mine = new AbortController();
    waiting = mine;
    try {
      await ask({ mediation: "conditional", signal: mine.signal });
    } catch (error) {
      // Nobody asked for this: a button and a password are there as well.
      if (error instanceof Refused) say.textContent = "";
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    waiting?.abort();
    const button = form.querySelector("button");
    button.disabled = true;
    say.textContent = form.dataset.waiting;
    try {
      await ask({});
    } catch (error) {
      say.textContent = sentence(form, error);
      button.disabled = false;
      button.focus();
      if (form.hasAttribute("data-autofill")) wait();
    }
  });

  form.hidden = false;
  if (form.hasAttribute("data-autofill")) wait();
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    set(form);
    const without = document.getElementById(form.dataset.without);
    if (without) without.hidden = true;
  }
}
