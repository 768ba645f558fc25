"""Writing the trained model as it ships: one ONNX file with 8-bit weights, and its tokenizer.

Layers and word-piece rows are rounded to 8 bits with a scale per column (onnxruntime's dynamic quantisation); what
flows between them is rounded while it runs. The figures of `models/seller-id-en/README.md` are measured after it.
"""

import tempfile
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch.nn import functional
from transformers import BertModel

from indexer.onnx_encoder import ENCODER, TOKENIZER
from training.transformer_model import TrainableTransformer

_ROUNDED = ["MatMul", "Gather", "Gemm"]


def export(model: TrainableTransformer, folder: Path) -> None:
    """Write the encoder and its tokenizer into `folder`; other files in it stay."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        whole, rounded = Path(scratch) / "whole.onnx", Path(scratch) / ENCODER
        _write_whole(model.bert, whole)
        quantize_dynamic(
            whole,
            rounded,
            op_types_to_quantize=_ROUNDED,
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )
        _save_without_traces(rounded, folder / ENCODER)
    model.tokenizer.save(str(folder / TOKENIZER), pretty=False)


def _save_without_traces(source: Path, target: Path) -> None:
    """Write a model without the notes of how it was traced: they hold the paths of the machine that did it."""
    model = onnx.load(str(source))
    _clear_notes(model)
    for graph in (model.graph, *model.functions):
        _clear_notes(graph)
        for node in graph.node:
            _clear_notes(node)
    for value in (*model.graph.input, *model.graph.output, *model.graph.value_info, *model.graph.initializer):
        _clear_notes(value)
    onnx.save(model, str(target))


def _clear_notes(part: Any) -> None:  # noqa: ANN401 - any of ONNX's messages
    part.doc_string = ""
    del part.metadata_props[:]


class _OneText(torch.nn.Module):
    """The unit vector of one text: the mean over its word pieces."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        """Take word pieces, shape (1, n), and return shape (1, dimension)."""
        hidden = self.bert(input_ids=input_ids, attention_mask=torch.ones_like(input_ids)).last_hidden_state
        return functional.normalize(hidden.mean(1), dim=-1)


def _write_whole(bert: BertModel, path: Path) -> None:
    example = torch.ones(1, 7, dtype=torch.long)
    with torch.no_grad():
        torch.onnx.export(
            _OneText(bert).eval(),
            (example,),
            str(path),
            input_names=["input_ids"],
            output_names=["vector"],
            dynamic_shapes={"input_ids": {1: torch.export.Dim("pieces")}},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
