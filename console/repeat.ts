/** While nobody looks. */
const HIDDEN_MS = 20_000;

/**
 * Does a piece of work again and again, one at a time: `pauseMs` after the last has ended, seldom while the page is
 * hidden, and at once when it comes back or `now` is called.
 */
export const repeat = (work: () => Promise<void>, pauseMs: () => number) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  let again = false;

  const run = async (): Promise<void> => {
    if (busy) {
      again = true;
      return;
    }
    clearTimeout(timer);
    busy = true;
    do {
      again = false;
      await work();
    } while (again);
    busy = false;
    timer = setTimeout(run, document.hidden ? HIDDEN_MS : pauseMs());
  };
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) run();
  });
  run();
  return { now: () => void run() };
};
