//! Vertex AI: Gemini's API in a project and a location of Google Cloud.

use crate::provider::Model;
use crate::provider::http::segment;

/// Where requests of a project are processed.
#[derive(Debug)]
pub(super) struct Vertex {
    pub(super) project: String,
    pub(super) location: String,
}

impl Vertex {
    /// The address of a location.
    /// See <https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations>.
    pub(super) fn address(&self) -> String {
        match &self.location[..] {
            "global" => "https://aiplatform.googleapis.com".to_owned(),
            location @ ("eu" | "us") => format!("https://aiplatform.{location}.rep.googleapis.com"),
            location => format!("https://{location}-aiplatform.googleapis.com"),
        }
    }

    /// The path of a model: one of Google's, unless its name is a path in the location itself (`endpoints/123`).
    pub(super) fn path(&self, model: &Model) -> String {
        let name = model.api_name().split('/').map(segment).collect::<Vec<_>>().join("/");
        let name = if name.contains('/') { name } else { format!("publishers/google/models/{name}") };
        format!("projects/{}/locations/{}/{name}", segment(&self.project), segment(&self.location))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_location_has_its_address() {
        for (location, address) in [
            ("global", "https://aiplatform.googleapis.com"),
            ("europe-west4", "https://europe-west4-aiplatform.googleapis.com"),
            ("eu", "https://aiplatform.eu.rep.googleapis.com"),
        ] {
            let vertex = Vertex { project: "p".into(), location: location.into() };
            assert_eq!(vertex.address(), address);
        }
    }

    #[test]
    fn a_model_is_one_of_googles_unless_its_name_is_a_path() {
        let vertex = Vertex { project: "example.com:p".into(), location: "global".into() };
        for (id, end) in [
            ("vertex/gemini-3-flash-preview", "publishers/google/models/gemini-3-flash-preview"),
            ("vertex/endpoints/123", "endpoints/123"),
        ] {
            let path = vertex.path(&Model::new(id));
            assert_eq!(path, format!("projects/example.com%3Ap/locations/global/{end}"));
        }
    }
}
