// Names the comboboxes that select2 draws over selects: after the field's label, so that an empty
// one does not stay nameless for a screen reader.
function nameCombobox(select) {
  const box = select.nextElementSibling?.querySelector("[role=combobox]");
  const shown = box?.querySelector(".select2-selection__rendered");
  if (!shown) return;
  // It shows text; select2 calls it a text field, which would need a name of its own.
  shown.removeAttribute("role");
  shown.removeAttribute("aria-readonly");
  const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  if (label) {
    label.id ||= `${select.id}-label`;
    box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
  } else {
    box.id ||= `${select.id || select.name}-box`;
    box.setAttribute("aria-label", select.getAttribute("aria-label") || select.name);
    box.setAttribute("aria-labelledby", `${box.id} ${shown.id}`);
  }
}

new MutationObserver((changes) => {
  const drawn = changes.some((change) =>
    [...change.addedNodes].some((node) => node.classList?.contains("select2-container")),
  );
  if (drawn) document.querySelectorAll(".select2-hidden-accessible").forEach(nameCombobox);
}).observe(document, { childList: true, subtree: true });

// A table that only shows and is wider than the screen must be scrollable by keyboard.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".formset-wrapper").forEach((wrapper) => {
    const reached = "a, input:not([type=hidden]), select, textarea, button";
    if (!wrapper.querySelector(reached)) wrapper.tabIndex = 0;
  });
});

// The menu of one's own account opens on a click on a <div>: let keys do it too.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("#nav-sidebar-inner div.cursor-pointer").forEach((opener) => {
    opener.tabIndex = 0;
    opener.setAttribute("role", "button");
    opener.addEventListener("keydown", (event) => {
      if (event.target !== opener || !["Enter", " "].includes(event.key)) return;
      event.preventDefault();
      opener.click();
    });
  });
});
