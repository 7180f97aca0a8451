//! Running a mapper, in this very process and without any bound on time and memory.
//! Only the second program does that.

use rsjsonnet_lang::arena::Arena;
use rsjsonnet_lang::interner::InternedStr;
use rsjsonnet_lang::program::{
    Callbacks, EvalError, EvalErrorKind, EvalStackTraceItem, ImportError, NativeError, Program,
    Thunk, Value as JsonnetValue,
};
use rsjsonnet_lang::span::{SpanContextId, SpanId};
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::error::MapperError;
use super::identity::{Identity, VerifiedAddress};
use super::position::Position;
use super::{size, syntax};

/// The largest result that Kratos takes, in bytes, as go-jsonnet prints it: what
/// `jsonnetsecure` of `ory/x` reads of its process, seen at 25.4.0 and 26.2.0. Of the 64 KiB
/// two are the line's end and the zero after it. Tried with that package: one more breaks it.
const RESULT_LIMIT: usize = 64 * 1024 - 2;

/// The most that is kept of what a mapper says itself, in characters.
const MESSAGE_LIMIT: usize = 200;

/// What a mapper asks for and does not get here.
struct Nothing;

impl<'p> Callbacks<'p> for Nothing {
    // Kratos has an importer that always fails: `ErrorImporter` of `jsonnetsecure`.
    fn import(
        &mut self,
        _: &mut Program<'p>,
        _: SpanId,
        _: &str,
    ) -> Result<Thunk<'p>, ImportError> {
        Err(ImportError)
    }

    fn import_str(
        &mut self,
        _: &mut Program<'p>,
        _: SpanId,
        _: &str,
    ) -> Result<String, ImportError> {
        Err(ImportError)
    }

    fn import_bin(
        &mut self,
        _: &mut Program<'p>,
        _: SpanId,
        _: &str,
    ) -> Result<Vec<u8>, ImportError> {
        Err(ImportError)
    }

    // Not printed: it may be the claims.
    fn trace(&mut self, _: &mut Program<'p>, _: &str, _: &[EvalStackTraceItem]) {}

    fn native_call(
        &mut self,
        _: &mut Program<'p>,
        _: InternedStr<'p>,
        _: &[JsonnetValue<'p>],
    ) -> Result<JsonnetValue<'p>, NativeError> {
        Err(NativeError)
    }
}

/// Runs a mapper over claims. Needs [`syntax::STACK`].
pub(crate) fn evaluate(
    jsonnet: &str,
    claims: &Value,
    provider: &str,
) -> Result<Identity, MapperError> {
    // As Kratos does it first, and only then with what its copies have.
    match result(jsonnet, claims, None) {
        Err(Trouble::NoProvider) => match result(jsonnet, claims, Some(provider)) {
            Ok(value) => identity(value, true),
            Err(Trouble::NoProvider) => Err(MapperError::NoAnswer),
            Err(Trouble::Mapper(error)) => Err(error),
        },
        Ok(value) => identity(value, false),
        Err(Trouble::Mapper(error)) => Err(error),
    }
}

enum Trouble {
    /// The mapper asks for `std.extVar('provider')`, and it is not set.
    NoProvider,
    Mapper(MapperError),
}

/// What the mapper makes of the claims, whatever it is.
fn result(jsonnet: &str, claims: &Value, provider: Option<&str>) -> Result<Value, Trouble> {
    let arena = Arena::new();
    let mut program = Program::new(&arena);

    // JSON is Jsonnet, and Kratos too hands the claims over as code.
    let claims_text = claims.to_string();
    let (context, _) = program
        .span_manager_mut()
        .insert_source_context(claims_text.len());
    let claims = program
        .load_source(context, claims_text.as_bytes(), false, "claims")
        .map_err(|_| Trouble::Mapper(MapperError::NoAnswer))?;
    let name = program.intern_str("claims");
    program.add_ext_var(name, &claims);
    if let Some(provider) = provider {
        let name = program.intern_str("provider");
        let value = program.value_to_thunk(&JsonnetValue::string(provider));
        program.add_ext_var(name, &value);
    }

    let (mapper, context) = syntax::load(&mut program, jsonnet)
        .map_err(|error| Trouble::Mapper(MapperError::Syntax(error)))?;
    if !size::fits(jsonnet, &claims_text) {
        return Err(Trouble::Mapper(MapperError::RequestTooLarge));
    }
    let failed =
        |program: &Program<'_>, error: &EvalError| trouble(jsonnet, program, context, error);
    let mut value = program
        .eval_value(&mapper, &mut Nothing)
        .map_err(|error| failed(&program, &error))?;
    if value.is_function() {
        // go-jsonnet calls it, without arguments, since Kratos gives none.
        value =
            program
                .eval_call(&mapper, &[], &[], &mut Nothing)
                .map_err(|error| match error.kind {
                    EvalErrorKind::CallParamNotBound { span: None, .. } => {
                        Trouble::Mapper(MapperError::Function)
                    }
                    _ => failed(&program, &error),
                })?;
    }
    let text = program
        .manifest_json(&value, true)
        .map_err(|error| failed(&program, &error))?;
    if text.len() > RESULT_LIMIT {
        return Err(Trouble::Mapper(MapperError::TooLarge));
    }
    // It is JSON: what the reader can still refuse is how deep it nests.
    serde_json::from_str(&text).map_err(|_| Trouble::Mapper(MapperError::TooDeep))
}

/// Takes from a result what Kratos takes.
fn identity(result: Value, asked_for_provider: bool) -> Result<Identity, MapperError> {
    let Value::Object(mut result) = result else {
        return Err(MapperError::NotAnObject);
    };
    let mut identity = match result.remove("identity") {
        Some(Value::Object(identity)) => identity,
        _ => Map::new(),
    };
    let Some(Value::Object(traits)) = identity.remove("traits") else {
        return Err(part("traits", "an object"));
    };
    let mut metadata = |name| match identity.remove(name) {
        None => Ok(None),
        Some(Value::Object(metadata)) => Ok(Some(metadata)),
        Some(_) => Err(part(name, "an object, or nothing at all")),
    };
    Ok(Identity {
        metadata_public: metadata("metadata_public")?,
        metadata_admin: metadata("metadata_admin")?,
        verified_addresses: match identity.remove("verified_addresses") {
            None => Vec::new(),
            Some(Value::Array(addresses)) => addresses
                .into_iter()
                .map(address)
                .collect::<Result<_, _>>()?,
            Some(_) => return Err(addresses()),
        },
        traits,
        asked_for_provider,
    })
}

/// Go's `json.Unmarshal` leaves the struct as it is for null.
fn address(value: Value) -> Result<VerifiedAddress, MapperError> {
    Option::<VerifiedAddress>::deserialize(value)
        .map(Option::unwrap_or_default)
        .map_err(|_| addresses())
}

fn addresses() -> MapperError {
    part(
        "verified_addresses",
        "a list of objects with the texts value and via",
    )
}

fn part(name: &str, wanted: &str) -> MapperError {
    MapperError::Part {
        part: format!("identity.{name}"),
        wanted: wanted.to_owned(),
    }
}

fn trouble(
    jsonnet: &str,
    program: &Program<'_>,
    mapper: SpanContextId,
    error: &EvalError,
) -> Trouble {
    if matches!(&error.kind, EvalErrorKind::UnknownExtVar { name } if name == "provider") {
        return Trouble::NoProvider;
    }
    // The standard library has sources of its own, in which a place says nothing.
    let place = |span: SpanId| {
        let (context, start, _) = program.span_manager().get_span(span);
        (context == mapper).then(|| Position::of(jsonnet, start))
    };
    let (span, problem) = words(&error.kind);
    let at = span.and_then(place).or_else(|| {
        let mut spans = error.stack_trace.iter().rev().filter_map(trace_span);
        spans.find_map(place)
    });
    Trouble::Mapper(match problem {
        Words::Ours(problem) => MapperError::Failed {
            at,
            problem: problem.into(),
        },
        Words::Mappers(message) => MapperError::Refused {
            at,
            message: printable(message),
        },
        Words::TooDeep => MapperError::TooDeep,
    })
}

fn trace_span(item: &EvalStackTraceItem) -> Option<SpanId> {
    match *item {
        EvalStackTraceItem::Expr { span }
        | EvalStackTraceItem::Variable { span, .. }
        | EvalStackTraceItem::Import { span } => Some(span),
        EvalStackTraceItem::Call { span, .. }
        | EvalStackTraceItem::ArrayItem { span, .. }
        | EvalStackTraceItem::ObjectField { span, .. } => span,
        EvalStackTraceItem::CompareArrayItem { .. }
        | EvalStackTraceItem::CompareObjectField { .. }
        | EvalStackTraceItem::ManifestArrayItem { .. }
        | EvalStackTraceItem::ManifestObjectField { .. } => None,
    }
}

/// Whose words say what went wrong.
enum Words<'a> {
    Ours(&'static str),
    Mappers(&'a str),
    TooDeep,
}

/// What went wrong, without names and values: the evaluator's own messages have
/// them.
fn words(kind: &EvalErrorKind) -> (Option<SpanId>, Words<'_>) {
    use EvalErrorKind as Kind;

    let (span, ours) = match kind {
        Kind::StackOverflow | Kind::InfiniteRecursion => return (None, Words::TooDeep),
        Kind::ExplicitError { span, message }
        | Kind::AssertFailed {
            span,
            message: Some(message),
        } => return (Some(*span), Words::Mappers(message)),
        Kind::AssertFailed { span, .. } => (Some(*span), "an assert fails"),
        Kind::AssertEqualFailed { .. } => (None, "std.assertEqual fails"),
        Kind::UnknownObjectField { span, .. } => {
            (Some(*span), "a field that the object does not have")
        }
        Kind::FieldOfNonObject { span } | Kind::InvalidIndexedType { span, .. } => {
            (Some(*span), "a field or item of something that has none")
        }
        Kind::InvalidSlicedType { span, .. } => (Some(*span), "a slice of something that has none"),
        Kind::SliceIndexOrStepIsNotNumber { span, .. }
        | Kind::StringIndexIsNotNumber { span, .. }
        | Kind::ArrayIndexIsNotNumber { span, .. }
        | Kind::NumericIndexIsNotValid { span, .. }
        | Kind::ObjectIndexIsNotString { span, .. } => (Some(*span), "an index of a wrong type"),
        Kind::NumericIndexOutOfRange { span, .. } => (Some(*span), "an index beyond the end"),
        Kind::RepeatedFieldName { span, .. } => (Some(*span), "a field that is defined twice"),
        Kind::FieldNameIsNotString { span, .. } => {
            (Some(*span), "a field's name that is not a text")
        }
        Kind::SuperWithoutSuperObject { span } => (Some(*span), "super where nothing is above"),
        Kind::ForSpecValueIsNotArray { span, .. } => {
            (Some(*span), "for over something else than a list")
        }
        Kind::CondIsNotBool { span, .. } => {
            (Some(*span), "a condition that is neither true nor false")
        }
        Kind::CalleeIsNotFunction { span, .. } => {
            (*span, "a call of something that is not a function")
        }
        Kind::TooManyCallArgs { span, .. }
        | Kind::UnknownCallParam { span, .. }
        | Kind::RepeatedCallParam { span, .. }
        | Kind::CallParamNotBound { span, .. } => {
            (*span, "a call with other arguments than the function has")
        }
        Kind::NativeCallFailed => (None, "a native function: Kratos has none"),
        Kind::InvalidUnaryOpType { span, .. } => (Some(*span), "an operator on a wrong type"),
        Kind::InvalidBinaryOpTypes { span, .. } => (*span, "an operator on wrong types"),
        Kind::NumberNotBitwiseSafe { span }
        | Kind::NumberOverflow { span }
        | Kind::NumberNan { span } => (*span, "a number out of range"),
        Kind::DivByZero { span } => (*span, "a division by zero"),
        Kind::ShiftByNegative { span } => (*span, "a shift by a negative number"),
        Kind::InvalidStdFuncArgType { .. } => {
            (None, "a function of std with an argument of a wrong type")
        }
        Kind::ImportFailed { span, .. } => (Some(*span), "an import, which Kratos does not allow"),
        Kind::UnknownExtVar { .. } => (
            None,
            "std.extVar of something that Kratos does not set: it sets only claims",
        ),
        Kind::ManifestFunction => (None, "a function in the result"),
        Kind::CompareNullInequality
        | Kind::CompareBooleanInequality
        | Kind::CompareObjectInequality
        | Kind::CompareFunctions
        | Kind::CompareDifferentTypesInequality { .. }
        | Kind::PrimitiveEqualsNonPrimitive { .. } => {
            (None, "a comparison of what cannot be compared")
        }
        Kind::Other { span, .. } => (*span, "a function of std with a wrong argument"),
    };
    (span, Words::Ours(ours))
}

/// The mapper's own text, fit for a terminal and a status.
fn printable(message: &str) -> String {
    message
        .chars()
        .filter(|char| !char.is_control())
        .take(MESSAGE_LIMIT)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn kratos_takes_traits_metadata_and_addresses() {
        let result = json!({
            "identity": {
                "traits": {"email": "ada@example.com"},
                "metadata_public": {"a": 1},
                "verified_addresses": [{"value": "ada@example.com", "via": "email"}, null],
                "unknown": 1,
            },
        });
        let taken = identity(result, false).unwrap();
        assert_eq!(json!(taken.traits), json!({"email": "ada@example.com"}));
        assert_eq!(json!(taken.metadata_public), json!({"a": 1}));
        assert_eq!(taken.metadata_admin, None);
        assert_eq!(taken.verified_addresses[0].via, "email");
        assert_eq!(taken.verified_addresses[1], VerifiedAddress::default());
    }

    #[test]
    fn kratos_refuses_parts_of_another_type() {
        struct Case {
            name: &'static str,
            result: Value,
            part: &'static str,
        }

        for Case { name, result, part } in [
            Case {
                name: "no identity",
                result: json!({}),
                part: "identity.traits",
            },
            Case {
                name: "identity is not an object",
                result: json!({"identity": []}),
                part: "identity.traits",
            },
            Case {
                name: "no traits",
                result: json!({"identity": {}}),
                part: "identity.traits",
            },
            Case {
                name: "traits are a list",
                result: json!({"identity": {"traits": []}}),
                part: "identity.traits",
            },
            Case {
                name: "traits are null",
                result: json!({"identity": {"traits": null}}),
                part: "identity.traits",
            },
            Case {
                name: "metadata is null",
                result: json!({"identity": {"traits": {}, "metadata_admin": null}}),
                part: "identity.metadata_admin",
            },
            Case {
                name: "addresses are an object",
                result: json!({"identity": {"traits": {}, "verified_addresses": {}}}),
                part: "identity.verified_addresses",
            },
            Case {
                name: "an address is a text",
                result: json!({"identity": {"traits": {}, "verified_addresses": ["ada@example.com"]}}),
                part: "identity.verified_addresses",
            },
        ] {
            match identity(result, false) {
                Err(MapperError::Part { part: refused, .. }) => assert_eq!(refused, part, "{name}"),
                other => panic!("{name}: {other:?}"),
            }
        }
        assert_eq!(identity(json!([]), false), Err(MapperError::NotAnObject));
    }

    #[test]
    fn what_a_mapper_says_is_cut_and_printable() {
        assert_eq!(printable("a\u{1b}[31m\nb"), "a[31mb");
        assert_eq!(
            printable(&"é".repeat(MESSAGE_LIMIT + 1)).chars().count(),
            MESSAGE_LIMIT
        );
    }
}
