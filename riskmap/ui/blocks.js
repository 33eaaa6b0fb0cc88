/* Shows texts and tables; everything is set as text, nothing is parsed as markup. */
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// on a plain http address of another computer a browser offers no clipboard
function copyOld(text) {
  const area = element("textarea", "rm-hidden");
  area.value = text;
  document.body.appendChild(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

async function copy(text) {
  if (!navigator.clipboard) return copyOld(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOld(text);
  }
}

// a text, or a link to another place of the app
function fill(cell, said) {
  if (typeof said === "string") cell.textContent = said;
  else if (said.lang) cell.appendChild(element("span", "", said.text)).lang = said.lang;
  else if (said.href.startsWith("./")) {
    const link = cell.appendChild(element("a", "", said.text));
    link.href = said.href;
    link.target = "_self";
  } else cell.textContent = said.text;
}

const makers = {
  whiskers,
  series,
  heading: (block) => element("h3", "", block.text),
  text(block) {
    const made = element("p", "rm-text", block.text);
    if (block.role) made.setAttribute("role", block.role);
    return made;
  },
  listed(block) {
    const made = element("ul", "rm-points");
    for (const point of block.points) made.appendChild(element("li", "", point));
    return made;
  },
  copied(block) {
    const box = element("div", "rm-copied");
    box.appendChild(element("p", "rm-text", block.text));
    const button = box.appendChild(element("button", "", block.button));
    button.type = "button";
    const told = box.appendChild(element("span", "rm-told"));
    told.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      told.textContent = (await copy(block.text)) ? block.done : block.failed;
    });
    return box;
  },
  saved(block) {
    const button = element("button", "rm-saved", block.button);
    button.type = "button";
    button.addEventListener("click", function () {
      const link = element("a", "");
      link.href = URL.createObjectURL(new Blob([block.text], { type: block.mime }));
      link.download = block.file;
      link.click();
      URL.revokeObjectURL(link.href);
    });
    return button;
  },
  folded(block) {
    const box = element("details", "rm-folded");
    box.appendChild(element("summary", "", block.summary));
    box.appendChild(element("p", "rm-text", block.text));
    return box;
  },
  table(block) {
    const box = element("div", "rm-scroll");
    const table = box.appendChild(element("table", ""));
    // a phone shows each row as a list, and a reader is still to know it for a table
    table.setAttribute("role", "table");
    table.appendChild(element("caption", "", block.caption));
    const head = table.appendChild(element("thead")).appendChild(element("tr"));
    const numbers = new Set(block.numbers);
    const side = (i) => (numbers.has(i) ? "rm-number" : "");
    block.columns.forEach(function (name, i) {
      head.appendChild(element("th", side(i), name)).scope = "col";
    });
    const body = table.appendChild(element("tbody"));
    for (const texts of block.rows) {
      const row = body.appendChild(element("tr"));
      row.setAttribute("role", "row");
      texts.forEach(function (said, i) {
        const cell = row.appendChild(element(i ? "td" : "th", side(i)));
        fill(cell, said);
        if (!i) cell.scope = "row";
        cell.setAttribute("role", i ? "cell" : "rowheader");
        cell.dataset.label = block.columns[i];
      });
    }
    if (!block.folded) return box;
    const fold = element("details", "rm-folded");
    fold.appendChild(element("summary", "", block.caption));
    fold.appendChild(box);
    return fold;
  },
};

export default function (component) {
  const { data, parentElement } = component;
  const host = parentElement.querySelector(".rm-blocks");
  host.lang = data.lang;
  // a rerun that changes nothing folds nothing up
  const now = JSON.stringify(data);
  if (host.shown === now) return;
  const open = [...host.querySelectorAll("details")].map((box) => box.open);
  host.shown = now;
  host.replaceChildren(...data.blocks.map((block) => makers[block.kind](block)));
  host.querySelectorAll("details").forEach((box, i) => (box.open = Boolean(open[i])));
}
