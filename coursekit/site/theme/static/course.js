// Progress marks and the chosen language, kept in this browser alone; and search without accents.
(() => {
  const DONE = "lessons-done";

  function read() {
    try {
      return new Set(JSON.parse(localStorage.getItem(DONE)) ?? []);
    } catch {
      return new Set(); // storage is switched off, or holds something else
    }
  }

  function write(done) {
    try {
      localStorage.setItem(DONE, JSON.stringify([...done].sort()));
    } catch {
      // the mark lasts as long as the page
    }
  }

  function show(done) {
    for (const button of document.querySelectorAll("button.mark")) {
      const marked = done.has(button.dataset.lesson);
      button.dataset.todo ??= button.textContent;
      button.setAttribute("aria-pressed", String(marked));
      button.textContent = marked ? "✓ " + button.dataset.done : button.dataset.todo;
    }
    const cards = [...document.querySelectorAll(".lesson-card")];
    for (const card of cards) {
      card.querySelector(".badge-done")?.remove();
      if (!done.has(card.dataset.lesson)) continue;
      const badge = document.createElement("span");
      badge.className = "badge-done";
      badge.textContent = "✓ " + card.dataset.done;
      card.querySelector(".over").append(badge);
    }
    const count = document.querySelector(".count");
    if (count) {
      const finished = cards.filter((card) => done.has(card.dataset.lesson)).length;
      const numbers = [finished, cards.length];
      count.textContent = count.dataset.text.replace(/\{\}/g, () => numbers.shift());
      count.hidden = finished === 0;
    }
    for (const link of document.querySelectorAll(".bd-sidebar-primary .bd-links a.internal")) {
      const lesson = new URL(link.href).pathname.split("/").pop().replace(/\.html$/, "");
      link.classList.toggle("lesson-done", done.has(lesson));
    }
  }

  // Words are searched for without their accents, as conf.py has indexed them.
  if (window.Stemmer) {
    const Known = window.Stemmer;
    window.Stemmer = function () {
      const stemmer = new Known();
      return { stemWord: (word) => stemmer.stemWord(word.normalize("NFD").replace(/\p{Mn}/gu, "")) };
    };
  }

  // What a search result quotes is the page's text, without the buttons around it.
  if (typeof Search !== "undefined") {
    const whole = Search.htmlToText;
    Search.htmlToText = (page, anchor) => {
      const parsed = new DOMParser().parseFromString(page, "text/html");
      const article = parsed.querySelector("article.bd-article");
      for (const tools of parsed.querySelectorAll(".lesson-tools, .lesson-note")) tools.remove();
      return whole(article ? `<div role="main">${article.innerHTML}</div>` : page, anchor);
    };
  }

  let done = read();
  show(done);
  for (const button of document.querySelectorAll("button.mark")) {
    button.addEventListener("click", () => {
      done = read();
      if (!done.delete(button.dataset.lesson)) done.add(button.dataset.lesson);
      write(done);
      show(done);
    });
  }
  // A card's video is a still until one points at it, or comes to it with the keyboard.
  for (const video of document.querySelectorAll(".lesson-card video")) {
    video.controls = false;
    video.tabIndex = 0;
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const enter = () => {
      video.controls = true;
      if (!calm.matches) video.play().catch(() => {}); // the browser may not let it
    };
    const leave = () => {
      if (video.matches(":hover, :focus")) return;
      video.pause();
      video.controls = false;
    };
    for (const event of ["pointerenter", "focus"]) video.addEventListener(event, enter);
    for (const event of ["pointerleave", "blur"]) video.addEventListener(event, leave);
  }
  // A formula wider than a phone scrolls, with the keyboard too.
  const reach = () => {
    for (const formula of document.querySelectorAll("mjx-container[display]")) {
      if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    }
  };
  window.addEventListener("load", () => window.MathJax?.startup?.promise?.then(reach));
  window.addEventListener("resize", reach);

  window.addEventListener("storage", () => show(read()));
  for (const link of document.querySelectorAll("a[data-language]")) {
    link.addEventListener("click", () => {
      try {
        localStorage.setItem("language", link.dataset.language);
      } catch {
        // the root page goes by the browser's language
      }
      link.search = location.search; // what was searched for
    });
  }
})();
