// The simulator's own time, in seconds: it stands where it is set, or runs.
let set = null;

export const now = () => (set === null ? Math.floor(Date.now() / 1000) : set);
export const setTime = (seconds) => { set = seconds; };
