//! Faults of applications on Starlette or FastAPI, each with its card.

use super::behind::Behind;
use super::programs::Program;
use super::{Case, USUAL, open, open_special};

/// Sound CORS.
pub const SOUND: (&str, &str) = (
    "app.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_methods=['*'], allow_headers=['*'])",
    "",
);

pub const CASES: &[Case] = &[
    Case {
        program: Program::Starlette,
        code: "cors-not-allowed",
        broken: "app.add_middleware(Auth)",
        mended: "app.add_middleware(Auth)\n{card}",
        ..USUAL
    },
    Case {
        program: Program::Starlette,
        code: "cors-preflight-unauthorized",
        broken: "{cors}\napp.add_middleware(Auth)\napp.add_middleware(Readable)",
        mended: "app.add_middleware(Auth)\n{card}",
        ..USUAL
    },
    Case {
        program: Program::Starlette,
        code: "cors-missing-on-errors",
        broken: "{cors}\napp.add_middleware(Auth, but='OPTIONS')",
        mended: "app.add_middleware(Auth, but='OPTIONS')\n{card}",
        ..USUAL
    },
    Case {
        program: Program::Starlette,
        code: "cors-header-not-allowed",
        broken: "app.add_middleware(Auth)\napp.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_methods=['*'])",
        mended: "app.add_middleware(Auth)\napp.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_methods=['*'],\n{card}\n)",
        ..USUAL
    },
    Case {
        program: Program::Starlette,
        code: "cors-method-not-allowed",
        broken: "app.add_middleware(Auth)\napp.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_headers=['*'])",
        mended: "app.add_middleware(Auth)\napp.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_headers=['*'],\n{card}\n)",
        ..USUAL
    },
    Case {
        program: Program::Starlette,
        code: "auth-header-stripped",
        broken: "app.add_middleware(Auth)\n{cors}\ndef passed(request):\n    return {}",
        mended: "app.add_middleware(Auth)\n{cors}\ndef passed(request):\n    {card}\n    return headers",
        ..USUAL
    },
    Case {
        program: Program::Starlette,
        code: "cors-credentials-wildcard",
        broken: "app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_methods=['*'], allow_headers=['*'])",
        mended: "app.add_middleware(CORSMiddleware, allow_methods=['*'], allow_headers=['*'],\n{card}\n)",
        behind: Behind::Session,
        world: open,
        left: &["key-missing"],
        ..USUAL
    },
    Case {
        program: Program::Starlette,
        code: "cors-headers-not-exposed",
        broken: "app.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_methods=['*'], allow_headers=['*'])",
        mended: "app.add_middleware(CORSMiddleware, allow_origins=['https://page.example'], allow_methods=['*'], allow_headers=['*'],\n{card}\n)",
        behind: Behind::Limited,
        left: &["rate-limited"],
        ..USUAL
    },
    Case {
        program: Program::Starlette,
        code: "route-shadowed",
        broken: "from fastapi import APIRouter, FastAPI, Request\nrouter = APIRouter(prefix='/api/mlflow')\n@router.api_route('/{path:path}', methods=every)\nasync def to_mlflow(path: str, request: Request):\n    return forward(request)\n@router.get('/health/mlflow')\nasync def health(): ...\napp = FastAPI()\napp.include_router(router)\n{cors}",
        mended: "from fastapi import APIRouter, FastAPI, Request\nrouter = APIRouter(prefix='/api/mlflow')\n{card}\napp = FastAPI()\napp.include_router(router)\n{cors}",
        // What the two routes do is the reader's own.
        filled: &[("(path: str): ...", "(path: str, request: Request):\n    return forward(request)")],
        behind: Behind::Prefixed,
        world: open_special,
        ..USUAL
    },
];
