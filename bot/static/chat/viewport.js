// The page keeps to the part of the screen that the on-screen keyboard leaves free.

export function followViewport() {
  const viewport = window.visualViewport;
  if (!viewport) return;
  function fit() {
    // Pinch-zoom also shrinks the visual viewport, and must not squeeze the page.
    if (viewport.scale > 1.01) return;
    const root = document.documentElement;
    root.style.setProperty("--app-height", `${viewport.height}px`);
    root.style.setProperty("--app-top", `${viewport.offsetTop}px`);
    root.classList.toggle("keyboard", window.innerHeight - viewport.height > 120);
  }
  viewport.addEventListener("resize", fit);
  viewport.addEventListener("scroll", fit);
  fit();
}
