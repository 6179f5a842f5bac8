const answer = 6 * 7;
document.querySelector("p").append(`${answer} is what it comes to, and what it costs is this file`);
