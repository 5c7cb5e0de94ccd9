"""The catalogue as a file that other shops, spreadsheets and our own import read.

`selectors.exports` tells the facts, `rows` spells them as our import reads them, `texts`,
`workbooks` and `onix` write them down, `files` joins these and puts the file in its place.
"""
