addEventListener("fetch", () => 0)
