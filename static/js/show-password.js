// Adds a button that shows what was typed to every password field of a form with data-show and
// data-hide (the button's words). Without this file the form works just the same.
for (const form of document.querySelectorAll("form[data-show]")) {
  for (const input of form.querySelectorAll("input[type=password]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn plain";
    button.setAttribute("aria-controls", input.id);
    const show = (visible) => {
      input.type = visible ? "text" : "password";
      button.textContent = visible ? form.dataset.hide : form.dataset.show;
    };
    button.addEventListener("click", () => show(input.type === "password"));
    // A visible password must not be kept among the browser's form values.
    form.addEventListener("submit", () => show(false));
    show(false);
    input.after(button);
  }
}
