//! The contract: an OpenAPI 3.1 document made of the routes themselves.

use identity::Permission;
use std::collections::BTreeMap;
use utoipa::openapi::path::{
    HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem, PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Required,
    ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

/// What is collected while routes are registered.
#[derive(Default)]
pub struct Description {
    operations: Vec<(String, HttpMethod, OperationBuilder)>,
    schemas: BTreeMap<String, RefOr<Schema>>,
    /// Names that two different types claim: the contract would be wrong about one of them.
    pub collisions: Vec<String>,
}

impl Description {
    fn schema<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let name = T::name().into_owned();
        let own = <T as PartialSchema>::schema();
        self.parts::<T>();
        self.insert(vec![(name.clone(), own)]);
        RefOr::Ref(Ref::from_schema_name(name))
    }

    /// What a type is made of, without itself.
    fn parts<T: ToSchema>(&mut self) {
        let mut found = Vec::new();
        <T as ToSchema>::schemas(&mut found);
        self.insert(found);
    }

    fn insert(&mut self, found: Vec<(String, RefOr<Schema>)>) {
        for (name, schema) in found {
            match self.schemas.get(&name) {
                Some(before) if *before != schema => self.collisions.push(name),
                Some(_) => {}
                None => {
                    self.schemas.insert(name, schema);
                }
            }
        }
    }

    fn operation(permission: Permission, summary: &str, path: &str) -> OperationBuilder {
        let tag = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        OperationBuilder::new()
            .tag(tag)
            .summary(Some(summary))
            .description(Some(format!("Permission: `{}`.", permission.0)))
            .response("default", problem())
    }

    pub(crate) fn open<Q: ToSchema, A: ToSchema>(
        &mut self,
        path: &str,
        method: HttpMethod,
        who: &str,
        summary: &str,
    ) {
        let answer = self.schema::<A>();
        let mut operation = OperationBuilder::new()
            .tag("session")
            .summary(Some(summary))
            .description(Some(who))
            .response("default", problem())
            .response("200", answered("Done.", answer));
        if Q::name() != "All" {
            let content = ContentBuilder::new().schema(Some(self.schema::<Q>())).build();
            let body = RequestBodyBuilder::new()
                .required(Some(Required::True))
                .content("application/json", content);
            operation = operation.request_body(Some(body.build()));
        }
        self.operations.push((path.to_owned(), method, operation));
    }

    /// A stream of server-sent events, each with an `E` as its data.
    pub(crate) fn stream<E: ToSchema>(&mut self, path: &str, who: &str, summary: &str) {
        let content = ContentBuilder::new().schema(Some(self.schema::<E>())).build();
        let answer = ResponseBuilder::new()
            .description("Events, as long as the session lasts.")
            .content("text/event-stream", content);
        let operation = OperationBuilder::new()
            .tag("session")
            .summary(Some(summary))
            .description(Some(who))
            .response("default", problem())
            .response("200", answer.build());
        self.operations.push((path.to_owned(), HttpMethod::Get, operation));
    }

    pub(crate) fn verb<Q: ToSchema, A: ToSchema>(
        &mut self,
        path: &str,
        permission: Permission,
        summary: &str,
    ) {
        self.keyed::<Q, A>(path, Self::operation(permission, summary, path));
    }

    /// A verb that asks for its permission only where it is about what is another's.
    pub(crate) fn own_verb<Q: ToSchema, A: ToSchema>(
        &mut self,
        path: &str,
        permission: Permission,
        summary: &str,
    ) {
        let told = format!("One's own, or permission: `{}`.", permission.0);
        let operation = Self::operation(permission, summary, path).description(Some(told));
        self.keyed::<Q, A>(path, operation);
    }

    fn keyed<Q: ToSchema, A: ToSchema>(&mut self, path: &str, operation: OperationBuilder) {
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("A key of the client's making; a repeat returns the first answer."))
            .schema(Some(text_schema()));
        let told = "Done, or done before with this key.";
        self.answer_json::<Q, A>(path, operation.parameter(key), told);
    }

    /// How far a request is, by its key.
    pub(crate) fn progress(&mut self, path: &str, permission: Permission, summary: &str) {
        let answer = self.schema::<crate::progress::RequestProgress>();
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("The key of the request, sent by the same session or API key."))
            .schema(Some(text_schema()));
        let operation = Self::operation(permission, summary, path)
            .parameter(key)
            .response("200", answered("How far it is, if this node is at work on it.", answer));
        self.operations.push((path.to_owned(), HttpMethod::Get, operation));
    }

    /// A `POST` that reads.
    pub(crate) fn question<Q: ToSchema, A: ToSchema>(
        &mut self,
        path: &str,
        permission: Permission,
        summary: &str,
    ) {
        let operation = Self::operation(permission, summary, path);
        self.answer_json::<Q, A>(path, operation, "What was asked for; nothing was written.");
    }

    fn answer_json<Q: ToSchema, A: ToSchema>(
        &mut self,
        path: &str,
        operation: OperationBuilder,
        told: &str,
    ) {
        let (request, answer) = (self.schema::<Q>(), self.schema::<A>());
        let body = RequestBodyBuilder::new()
            .required(Some(Required::True))
            .content("application/json", ContentBuilder::new().schema(Some(request)).build());
        let operation =
            operation.request_body(Some(body.build())).response("200", answered(told, answer));
        self.operations.push((path.to_owned(), HttpMethod::Post, operation));
    }

    pub(crate) fn list<F: ToSchema, T: ToSchema>(
        &mut self,
        path: &str,
        permission: Permission,
        summary: &str,
        cursor: &str,
    ) {
        let line = self.schema::<T>();
        self.parts::<F>();
        let lines = ArrayBuilder::new().items(line).build();
        let page = ObjectBuilder::new()
            .property("lines", Schema::Array(lines))
            .required("lines")
            .property("next_cursor", text_schema())
            .build();
        let mut operation = Self::operation(permission, summary, path)
            .response("200", answered("A page.", RefOr::T(Schema::Object(page))));
        if let RefOr::T(Schema::Object(filter)) = <F as PartialSchema>::schema() {
            for (name, schema) in filter.properties {
                let name = if name == cursor { "cursor".to_owned() } else { name };
                let parameter = ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Query)
                    .schema(Some(schema));
                operation = operation.parameter(parameter);
            }
        }
        let format = ParameterBuilder::new()
            .name("format")
            .parameter_in(ParameterIn::Query)
            .description(Some("`csv` or `xlsx` exports the whole list."))
            .schema(Some(text_schema()));
        self.operations.push((path.to_owned(), HttpMethod::Get, operation.parameter(format)));
    }

    pub(crate) fn import<R: ToSchema>(
        &mut self,
        path: &str,
        permission: Permission,
        summary: &str,
    ) {
        let report = self.schema::<R>();
        let dry_run = ParameterBuilder::new()
            .name("dry_run")
            .parameter_in(ParameterIn::Query)
            .description(Some("`true` tries the file and changes nothing."))
            .schema(Some(text_schema()));
        let content = ContentBuilder::new().schema(Some(text_schema())).build();
        let body =
            RequestBodyBuilder::new().required(Some(Required::True)).content("text/csv", content);
        let operation = Self::operation(permission, summary, path)
            .parameter(dry_run)
            .request_body(Some(body.build()))
            .response("200", answered("What the file did, or would do.", report));
        self.operations.push((path.to_owned(), HttpMethod::Post, operation));
    }

    /// An upload: a file as the body, what is said of it in the query.
    pub(crate) fn upload<Q: ToSchema, A: ToSchema>(
        &mut self,
        path: &str,
        permission: Permission,
        summary: &str,
    ) {
        let answer = self.schema::<A>();
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some("A key of the client's making; a repeat returns the first answer."))
            .schema(Some(text_schema()));
        let content = ContentBuilder::new().schema(Some(bytes_schema())).build();
        let body = RequestBodyBuilder::new()
            .required(Some(Required::True))
            .description(Some("The file itself, with its own content type."))
            .content("application/octet-stream", content);
        let operation = Self::operation(permission, summary, path).parameter(key);
        let operation = self
            .asked::<Q>(operation)
            .request_body(Some(body.build()))
            .response("200", answered("Done, or done before with this key.", answer));
        self.operations.push((path.to_owned(), HttpMethod::Post, operation));
    }

    /// A file by an id, what is asked of it in the query.
    pub(crate) fn file<F: ToSchema>(&mut self, path: &str, permission: Permission, summary: &str) {
        let name = path.split(['{', '}']).nth(1).unwrap_or("key");
        let key = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(text_schema()));
        let content = ContentBuilder::new().schema(Some(bytes_schema())).build();
        let answer = ResponseBuilder::new()
            .description("The file.")
            .content("application/octet-stream", content);
        let operation = Self::operation(permission, summary, path).parameter(key);
        let operation = self.asked::<F>(operation).response("200", answer.build());
        self.operations.push((path.to_owned(), HttpMethod::Get, operation));
    }

    /// The operation with the fields of a type as parameters of its query.
    fn asked<F: ToSchema>(&mut self, mut operation: OperationBuilder) -> OperationBuilder {
        self.parts::<F>();
        if let RefOr::T(Schema::Object(asked)) = <F as PartialSchema>::schema() {
            for (name, schema) in asked.properties {
                let required = asked.required.contains(&name);
                let parameter = ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Query)
                    .required(if required { Required::True } else { Required::False })
                    .schema(Some(schema));
                operation = operation.parameter(parameter);
            }
        }
        operation
    }

    pub(crate) fn detail<T: ToSchema>(
        &mut self,
        path: &str,
        permission: Permission,
        summary: &str,
    ) {
        let record = self.schema::<T>();
        let name = path.split(['{', '}']).nth(1).unwrap_or("key");
        let key = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(text_schema()));
        let operation = Self::operation(permission, summary, path)
            .parameter(key)
            .response("200", answered("The record.", record));
        self.operations.push((path.to_owned(), HttpMethod::Get, operation));
    }

    /// The document.
    #[must_use]
    pub fn document(mut self) -> OpenApi {
        self.schema::<crate::problem::ProblemDocument>();
        let mut paths = PathsBuilder::new();
        let mut by_path: BTreeMap<String, PathItem> = BTreeMap::new();
        for (path, method, operation) in self.operations {
            let item = PathItem::new(method, operation.build());
            match by_path.remove(&path) {
                Some(mut before) => {
                    before.merge_operations(item);
                    by_path.insert(path, before);
                }
                None => {
                    by_path.insert(path, item);
                }
            }
        }
        for (path, item) in by_path {
            paths = paths.path(format!("/api/v1{path}"), item);
        }
        let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = ComponentsBuilder::new()
            .schemas_from_iter(self.schemas)
            .security_scheme("api_key", SecurityScheme::Http(key))
            .security_scheme(
                "session",
                SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-purser"))),
            );
        OpenApiBuilder::new()
            .info(InfoBuilder::new().title("Purser").version(env!("CARGO_PKG_VERSION")).build())
            .paths(paths.build())
            .components(Some(components.build()))
            .build()
    }
}

fn text_schema() -> RefOr<Schema> {
    RefOr::T(Schema::Object(
        ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::SchemaType::new(Type::String))
            .build(),
    ))
}

fn bytes_schema() -> RefOr<Schema> {
    let format = SchemaFormat::KnownFormat(KnownFormat::Binary);
    let bytes =
        ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).format(Some(format));
    RefOr::T(Schema::Object(bytes.build()))
}

fn answered(words: &str, schema: RefOr<Schema>) -> utoipa::openapi::Response {
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(words).content("application/json", content).build()
}

fn problem() -> utoipa::openapi::Response {
    let schema = RefOr::<Schema>::Ref(Ref::from_schema_name("ProblemDocument"));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new()
        .description("Refused; `code` is stable, `detail` says what to do.")
        .content("application/problem+json", content)
        .build()
}
