//! The files of a logged model, as `mlflow.<flavor>.log_model` leaves them. The model itself is a placeholder: no
//! framework runs in a page, and MLflow looks only at the files around it.
//!
//! `MLmodel` is written as JSON, which is YAML too: the same text goes to `runs/log-model`.

use super::steps::{object, quoted};

/// A kind of model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// In ids and paths.
    pub name: &'static str,
    /// Who loads it.
    loader: &'static str,
    /// The flavor of its own, if it has one: its name and its fields as JSON.
    flavor: Option<(&'static str, &'static str)>,
    /// Where the model itself lies.
    data: &'static str,
    /// What `python_function` says besides: JSON fields.
    function: &'static str,
    /// What it needs.
    requirements: &'static str,
}

/// All kinds.
pub const KINDS: [Kind; 4] = [
    Kind {
        name: "sklearn",
        loader: "mlflow.sklearn",
        flavor: Some((
            "sklearn",
            r#"{"code":null,"pickled_model":"model.pkl","serialization_format":"cloudpickle","sklearn_version":"1.5.2"}"#,
        )),
        data: "model.pkl",
        function: r#""model_path":"model.pkl","predict_fn":"predict""#,
        requirements: "scikit-learn==1.5.2",
    },
    Kind {
        name: "pytorch",
        loader: "mlflow.pytorch",
        flavor: Some(("pytorch", r#"{"code":null,"model_data":"data","pytorch_version":"2.4.1"}"#)),
        data: "data/model.pth",
        function: r#""data":"data""#,
        requirements: "torch==2.4.1",
    },
    Kind {
        name: "pyfunc",
        loader: "mlflow.pyfunc.model",
        flavor: None,
        data: "python_model.pkl",
        function: r#""python_model":"python_model.pkl","cloudpickle_version":"3.0.0","code":null"#,
        requirements: "cloudpickle==3.0.0",
    },
    Kind {
        name: "transformers",
        loader: "mlflow.transformers",
        flavor: Some((
            "transformers",
            r#"{"code":null,"task":"text-classification","instance_type":"TextClassificationPipeline","framework":"pt","pipeline_model_type":"BertForSequenceClassification","source_model_name":"preflight/placeholder","model_binary":"model","tokenizer_type":"BertTokenizer","transformers_version":"4.44.2"}"#,
        )),
        data: "model/model.safetensors",
        function: r#""model_binary":"model""#,
        requirements: "transformers==4.44.2",
    },
];

/// What a model's files speak of.
pub struct Made<'a> {
    /// The run it comes from.
    pub run: &'a str,
    /// Its id in MLflow 3; `None` in the shape of MLflow 2.
    pub model: Option<&'a str>,
    /// When, ISO 8601.
    pub at: &'a str,
}

impl Kind {
    /// What `MLmodel` says, as JSON.
    pub fn description(&self, made: &Made) -> String {
        let function = [
            r#"{"env":{"conda":"conda.yaml","virtualenv":"python_env.yaml"},"loader_module":""#,
            self.loader,
            r#"","python_version":"3.11.9","#,
            self.function,
            "}",
        ]
        .concat();
        let mut flavors = vec![("python_function", function.as_str())];
        flavors.extend(self.flavor);
        let when: String = made.at.trim_end_matches('Z').replace('T', " ");
        let signature = r#"{"inputs":"[{\"type\": \"double\", \"name\": \"x\", \"required\": true}]","outputs":"[{\"type\": \"double\", \"required\": true}]","params":null}"#;
        let (path, flavors) = (quoted(self.name), object(&flavors));
        let (run, when, model) = (quoted(made.run), quoted(&when), made.model.map(quoted));
        let mut fields = vec![
            ("artifact_path", path.as_str()),
            ("flavors", &flavors),
            ("mlflow_version", if model.is_some() { "\"3.0.0\"" } else { "\"2.14.3\"" }),
            ("run_id", &run),
            ("signature", signature),
            ("utc_time_created", &when),
        ];
        fields.extend(model.as_deref().map(|model| ("model_id", model)));
        object(&fields)
    }

    /// Its files: path and text.
    pub fn files(&self, made: &Made) -> [(&'static str, String); 5] {
        let conda = [
            "channels:\n- conda-forge\ndependencies:\n- python=3.11.9\n- pip\n- pip:\n  - mlflow\n  - ",
            self.requirements,
            "\nname: mlflow-env\n",
        ];
        [
            ("MLmodel", self.description(made)),
            ("requirements.txt", ["mlflow\n", self.requirements, "\n"].concat()),
            ("conda.yaml", conda.concat()),
            (
                "python_env.yaml",
                "python: 3.11.9\nbuild_dependencies:\n- pip\ndependencies:\n- -r requirements.txt\n"
                    .to_owned(),
            ),
            (self.data, "A placeholder of Preflight in the place of a model.\n".to_owned()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_description_is_json_with_its_flavors() {
        for kind in KINDS {
            for model in [None, Some("m-0123")] {
                let made = Made { run: "abc", model, at: "2026-11-24T02:08:44.123Z" };
                let read: serde_json::Value = serde_json::from_str(&kind.description(&made)).expect("JSON");
                assert!(read["flavors"]["python_function"]["loader_module"].is_string(), "{}", kind.name);
                assert_eq!(read["utc_time_created"], "2026-11-24 02:08:44.123");
                assert_eq!(read["model_id"].as_str(), model);
                let inputs = read["signature"]["inputs"].as_str().expect("a text of JSON");
                assert!(serde_json::from_str::<serde_json::Value>(inputs).is_ok());
            }
        }
    }
}
