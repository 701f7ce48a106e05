/** Of the contract between plugins and the engine, which plans, targets and journals follow too. */
export const CONTRACT_VERSION = 1;
