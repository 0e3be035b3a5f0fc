// What a stylesheet or a picture is to a test: a module without content.
module.exports = ''
