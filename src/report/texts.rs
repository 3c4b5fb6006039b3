//! Every text of a report, whatever its place. Each type is taken apart by all its fields: one that is new does not
//! compile here until somebody has said whether it holds a text.

use super::{CheckResult, Report, Sentence};
use crate::deployment::key::KeyProblem;
use crate::deployment::{
    AuthScheme, AuthService, Base, Deployment, KeyPrefix, KeyReading, KeyShape, Origin, Target,
};
use crate::diagnosis::{Named, Verdict};
use crate::probe::{Answer, Body, Observation, Probe, Saw, Sighting};
use crate::run::{Environment, Registration};

/// What is to be done with each.
struct Texts<'a>(&'a mut dyn FnMut(&mut String));

/// Calls `change` with every text of a report.
pub(super) fn each(report: &mut Report, change: &mut dyn FnMut(&mut String)) {
    Texts(change).report(report);
}

impl Texts<'_> {
    fn one(&mut self, text: &mut String) {
        (self.0)(text);
    }

    fn all<'a>(&mut self, texts: impl IntoIterator<Item = &'a mut String>) {
        texts.into_iter().for_each(|text| self.one(text));
    }

    fn pairs(&mut self, pairs: &mut [(String, String)]) {
        for (name, value) in pairs {
            self.all([name, value]);
        }
    }

    fn report(&mut self, report: &mut Report) {
        let Report {
            format: _,
            version,
            phase: _,
            deployment,
            environment,
            limits: _,
            key,
            observations,
            policy_blocked,
            second_opinion,
            registration,
            checks,
            verdict,
            sentences,
        } = report;
        self.one(version);
        self.deployment(deployment);
        self.environment(environment);
        self.key(key);
        observations.iter_mut().for_each(|seen| self.observation(seen));
        self.all(policy_blocked);
        second_opinion.iter_mut().for_each(|seen| self.sighting(seen));
        if let Some(Registration { id, made_at, made_ms: _, mode: _, refused }) = registration {
            self.all([id, made_at].into_iter().chain(refused));
        }
        for CheckResult { id, status: _, title, expected, actual, evidence } in checks {
            self.all([id, title, expected, actual].into_iter().chain(evidence));
        }
        let Verdict { overall: _, causes, set_aside, unexplained: _, hidden: _ } = verdict;
        for named in causes.iter_mut().chain(set_aside) {
            let Named { code, confidence: _, host: _, symptom: _, evidence } = named;
            self.one(code);
            self.all(evidence);
        }
        for Sentence { code, title, confidence, headline, owner, fixes } in sentences {
            self.all([code, title, confidence, headline, owner].into_iter().chain(fixes));
        }
    }

    fn deployment(&mut self, deployment: &mut Deployment) {
        let Deployment {
            mlflow,
            auth,
            scheme,
            own_header,
            service_id,
            open_path,
            health_paths,
            key_shape,
            path_is_listed: _,
        } = deployment;
        self.base(mlflow);
        if let Some(AuthService { base, health_path, validate_path, root_path, service_ids, fields }) = auth {
            self.base(base);
            self.all([health_path, validate_path].into_iter().chain(root_path).chain(service_ids));
            self.pairs(fields);
        }
        self.scheme(scheme);
        self.all([open_path].into_iter().chain(own_header).chain(service_id).chain(health_paths));
        if let Some(KeyShape { prefixes, lengths: _, alphanumeric: _, environment }) = key_shape {
            for KeyPrefix { prefix, environment } in prefixes {
                self.all([prefix, environment]);
            }
            self.all(environment);
        }
    }

    fn base(&mut self, base: &mut Base) {
        let Base { origin, path } = base;
        self.origin(origin);
        self.one(path);
    }

    fn origin(&mut self, origin: &mut Origin) {
        let Origin { secure: _, host, port: _ } = origin;
        self.one(host);
    }

    fn scheme(&mut self, scheme: &mut AuthScheme) {
        if let AuthScheme::Custom(header) = scheme {
            self.one(header);
        }
    }

    fn environment(&mut self, environment: &mut Environment) {
        let Environment {
            page_origin,
            page_folder,
            on_line: _,
            local_network,
            user_agent,
            nonce,
            started_at,
        } = environment;
        self.origin(page_origin);
        self.all([page_folder, user_agent, nonce, started_at].into_iter().chain(local_network));
    }

    fn key(&mut self, key: &mut KeyReading) {
        let KeyReading { present: _, length: _, environment, repairs: _, problems, oddities: _, claims } =
            key;
        self.all(environment);
        for problem in problems {
            if let KeyProblem::Prefix(expected) = problem {
                self.all(expected);
            }
        }
        self.pairs(claims);
    }

    fn observation(&mut self, seen: &mut Observation) {
        let Observation { probe, start_ms: _, ms: _, saw, entry: _ } = seen;
        let Probe {
            id,
            host: _,
            target: Target { origin, path },
            way: _,
            method: _,
            presented: _,
            presented_as,
            headers,
            body,
            timeout_ms: _,
        } = probe;
        self.origin(origin);
        self.all([id, path].into_iter().chain(body));
        presented_as.iter_mut().for_each(|scheme| self.scheme(scheme));
        self.pairs(headers);
        match saw {
            Saw::Answer(answer) => self.answer(answer),
            Saw::NotSent(reason) => self.one(reason),
            Saw::Opaque | Saw::OpaqueRedirect | Saw::NetworkError | Saw::TimedOut | Saw::Stopped => {}
            Saw::Loaded | Saw::Errored | Saw::Closed(_) | Saw::Opened => {}
        }
    }

    fn answer(&mut self, answer: &mut Answer) {
        let Answer { status: _, landed, headers, body, queued_ms: _ } = answer;
        let Body { text, bytes: _, complete: _, broken: _, matches: _, took_ms: _ } = body;
        self.all([text].into_iter().chain(landed));
        self.pairs(headers);
    }

    fn sighting(&mut self, seen: &mut Sighting) {
        let Sighting { id, by, question, host: _, method, preflight: _, came: _, says, answer } = seen;
        self.all([id, by, question, method, says]);
        answer.iter_mut().for_each(|answer| self.answer(answer));
    }
}
