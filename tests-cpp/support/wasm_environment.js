// Emscripten gives a program an environment of its own: the variables of this one are passed on.
Module['preRun'] = () => {
  for (const [name, value] of Object.entries(process.env)) {
    if (name.startsWith('CORSAC_')) ENV[name] = value;
  }
};
