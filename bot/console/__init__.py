"""The console at `/admin`: what offices and admins do in a browser.

`guard` lets in, `page` renders, `pages/` holds one class a page, `console` puts them together. Rights are those of the
chat (`bot.store.access`): every look and change goes through the store with the visitor's scope.
"""
