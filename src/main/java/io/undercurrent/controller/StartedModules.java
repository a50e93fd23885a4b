package io.undercurrent.controller;

/**
 * What came of starting the modules.
 *
 * @param controller what paces updates now
 * @param beans the processors and writers that job files can name
 */
record StartedModules(Controller controller, ModuleBeans beans) {}
