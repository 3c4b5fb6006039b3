//! Lines of nginx that several tables use.

/// nginx adds CORS for the page and takes away what MLflow adds.
macro_rules! cors {
    () => {
        "add_header Access-Control-Allow-Origin \"{page}\" always;\n\
         add_header Vary Origin always;\n\
         proxy_hide_header Access-Control-Allow-Origin;\n"
    };
}
/// Everything goes on to MLflow, once preflights are answered. `lines` come first.
macro_rules! location {
    ($path:literal, $lines:expr) => {
        concat!(
            "location ",
            $path,
            " {\nif ($request_method = OPTIONS) {\n\
             add_header Access-Control-Allow-Origin \"{page}\" always;\n\
             add_header Access-Control-Allow-Methods \"GET, POST, PUT, PATCH, DELETE\" always;\n\
             add_header Access-Control-Allow-Headers \"authorization, content-type\" always;\n\
             return 204;\n}\n",
            $lines,
            "\n}\n"
        )
    };
}
