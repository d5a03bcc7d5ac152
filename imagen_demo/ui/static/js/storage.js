// Where a browser keeps nothing, not even asking for its storage is allowed, and Gradio's page would
// not start: there the page remembers until it is closed.
try {
  window.localStorage.length;
} catch {
  const kept = new Map();
  Object.defineProperty(window, 'localStorage', {
    value: {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => kept.set(name, String(value)),
      removeItem: (name) => kept.delete(name),
      key: (place) => [...kept.keys()][place] ?? null,
      clear: () => kept.clear(),
      get length() {
        return kept.size;
      },
    },
  });
}
