// Turns nothing into an adapter: a page without any SDK.

export default {
  id: "bare",
  name: "no SDK",
  version: "",
  async prepare() {
    return { head: () => "" };
  },
  read: () => [],
};
