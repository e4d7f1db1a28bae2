"""What many rules rest on, broken: bounds, frames, light cones, algebras, symmetries, limits and engines."""

from mutant import Mutant, of_module


def of_feedback(old: str, new: str) -> Mutant:
    """A mutant of outcomes that the tests of whole programs notice."""
    return Mutant("outcomes", "bplint/importers/outcomes.py", old, new, "importers/qasm/test_feedback.py")


_MUTANTS_OF_BOUNDS = (
    of_module("bounds", "bounds", "if mean < 1 else 1.0", "if mean < 0 else 1.0"),
    of_module("bounds", "bounds", "if mean > 0 else 0.0", "if mean > 1 else 0.0"),
    of_module("bounds", "bounds", "return p * math.log(p / q) + (1 - p)", "return p * math.log(p / q) - (1 - p)"),
    of_module("bounds", "bounds", "return -math.log1p(-q) if p == 0.0", "return -math.log1p(q) if p == 0.0"),
    of_module("bounds", "number_format", "return value if value < 1 << 53", "return value if value < 1 << 54"),
)

_MUTANTS_OF_FRAMES = (
    of_module("frame", "ir/frame", "if code >> (1 - part) & 1 == 0:", "if code >> part & 1 == 0:"),
    of_module("frame", "ir/frame", "(1 if quarter == 1 else 3)", "(3 if quarter == 1 else 1)"),
    of_module("frame", "ir/frame", "= string, (k + 2) & 3", "= string, k & 3"),
    of_module("frame", "ir/frame", "phase += code == 3", "phase += code == 2"),
    of_module("frame", "ir/frame", "negative.append(phase == 2)", "negative.append(phase == 0)"),
    of_module("frame", "ir/frame", "(string, (k + phase) & 3)", "(string, k & 3)"),
    of_module("frame", "ir/frame", "Turning.FREE if quarter == -1", "Turning.FREE if quarter == -2"),
    of_module("frame", "ir/generators", "if checks > 0 and not (turned", "if checks > 0 and (turned"),
)

_MUTANTS_OF_LIGHT_CONES = (
    of_module("light_cone", "analyses/light_cone/passage", "if seen[rotation]:", "if not seen[rotation]:"),
    of_module(
        "light_cone",
        "analyses/light_cone/passage",
        "operation.quarter not in (0, 2)",
        "operation.quarter not in (0, 3)",
    ),
    of_module("light_cone", "analyses/light_cone/damping", "max(noise.local(arity))", "min(noise.local(arity))"),
    of_module("light_cone", "analyses/light_cone/damping", "readout ** len(support)", "readout ** (2 * len(support))"),
    of_module(
        "light_cone",
        "analyses/light_cone/damping",
        "total += abs(coefficient)",
        "total += coefficient",
    ),
    of_module(
        "light_cone", "analyses/light_cone/mergeable", "-coefficient if place.negative else coefficient", "coefficient"
    ),
)

_MUTANTS_OF_LIE_ALGEBRAS = (
    of_module("dla", "analyses/dla/untrained", "if not passed.row(axis):", "if passed.row(axis):"),
    of_module("dla", "analyses/dla/untrained", "range(len(frame.axes) - 1, -1, -1)", "range(len(frame.axes))"),
    of_module("dla", "analyses/dla/separate", "if len(unknown) == 1:", "if 1 <= len(unknown) <= 2:"),
    of_module("dla", "analyses/dla/separate", "strings <= seen", "strings < seen"),
    of_module(
        "dla", "analyses/dla/separate", "max(group.rotations[-1], *others, 0)", "max(group.rotations[0], *others, 0)"
    ),
    of_module(
        "dla",
        "analyses/dla/result",
        "min(self.ceiling, self.algebra.dimension)",
        "max(self.ceiling, self.algebra.dimension)",
    ),
    of_module("dla", "analyses/dla/closure/fixed_rotations", "<= 1e-5 else angle", "<= 1e-4 else angle"),
    of_module(
        "dla",
        "analyses/dla/closure/fixed_rotations",
        "(sine if phase == 3 else -sine)",
        "(-sine if phase == 3 else sine)",
    ),
    of_module("dla", "analyses/dla/closure/fixed_rotations", "= angle / coefficient", "= angle"),
    of_module("dla", "analyses/dla/closure/fixed_rotations", "place > turns[0].place", "place < turns[0].place"),
    of_module("dla", "analyses/dla/closure/adjoint", "(coefficient if phase == 1 else -coefficient)", "coefficient"),
    of_module("dla", "analyses/dla/closure/adjoint", "coefficient * ways", "coefficient"),
    of_module("dla", "analyses/dla/closure/generators", "turns[:count], sides", "turns[count:], sides"),
    of_module("dla", "analyses/dla/closure/outcome", "if lower == ceiling:", "if lower != ceiling:"),
    of_module("dla", "analyses/dla/closure/outcome", "max(lower, inside.dimension)", "min(lower, inside.dimension)"),
    of_module(
        "dla", "analyses/dla/pauli/free_fermions", "if rest & self.stars[here]:", "if not rest & self.stars[here]:"
    ),
    of_module("dla", "analyses/dla/pauli/quadric", "odd_radical |= form[left] == 1", "odd_radical |= form[left] == 0"),
    of_module("dla", "analyses/dla/pauli/quadric", "in self.span and self.spanning", "in self.span or self.spanning"),
    of_module(
        "dla", "analyses/dla/closure/orbit_strings", "coefficient if phase == 1 else -coefficient", "coefficient"
    ),
    of_module("dla", "analyses/dla/ideals/basis", "diagonal * np.sqrt(self.size)", "diagonal / np.sqrt(self.size)"),
    of_module("dla", "analyses/dla/ideals/split", "if center else simple", "if not center else simple"),
    of_module(
        "dla",
        "analyses/dla/ideals/roots",
        "positive == n * (n - 1) and n >= 3",
        "positive == n * (n - 1) and n >= 4",
        "-k classification",
    ),
)

_MUTANTS_OF_SYMMETRY_SEARCH = (
    of_module("symmetry", "analyses/symmetry/ansatz", " and fixes_frame(permutation, self.frame)", ""),
    of_module("symmetry", "analyses/symmetry/permutations", "(moved(string, places, n), phase)", "(string, phase)"),
    of_module("symmetry", "analyses/symmetry/check_prior", "(1 if phase == 1 else -1)", "1", "-k conserves"),
    of_module("symmetry", "analyses/symmetry/charges", "-coefficient if string & bit else coefficient", "coefficient"),
    of_module("symmetry", "analyses/symmetry/charges", "{q: sign - 1.0}", "{q: sign + 1.0}"),
    of_module("symmetry", "analyses/symmetry/commutant", "[int(negative) for negative in signs]", "[0 for _ in signs]"),
    of_module(
        "symmetry",
        "analyses/symmetry/loss",
        "2 * covered >= self.support.bit_count()",
        "2 * covered < self.support.bit_count()",
    ),
    of_module("symmetry", "analyses/symmetry/ground", "(1 - 2.0 * parity)", "(1 + 2.0 * parity)"),
    of_module("symmetry", "analyses/symmetry/optimum", "alone[x] <= -others[x]", "alone[x] >= -others[x]"),
    of_module("symmetry", "analyses/symmetry/optimum", "int(coefficient > 0)", "int(coefficient < 0)"),
    of_module("symmetry", "analyses/symmetry/listing", "(weight(s, n), s)", "(-weight(s, n), s)"),
    of_module("symmetry", "analyses/symmetry/listing", "{'-' if m < 0 else ''}", "{'-' if m > 0 else ''}"),
)

_MUTANTS_OF_DEEP_LIMITS = (
    of_module("deep_limit", "analyses/deep_limit/deep_limit", "uses[source] > 1 for", "uses[source] > 2 for"),
    of_module("deep_limit", "analyses/deep_limit/deep_limit", "if matters and turn is", "if not matters and turn is"),
    of_module(
        "deep_limit",
        "analyses/deep_limit/orbits",
        "constraints = [(odd[0], half)]",
        "constraints = [(odd[0], half - 1)]",
    ),
    of_module("deep_limit", "analyses/deep_limit/orbits", "else other, half - 1)", "else other, half)"),
    of_module(
        "deep_limit", "analyses/deep_limit/trellis", "return 0 if rest else count", "return count if rest else 0"
    ),
    of_module("deep_limit", "analyses/deep_limit/trellis", "sum((part.k & 1) << i", "sum((part.k & 0) << i"),
)

_MUTANTS_OF_ENGINES = (
    of_module(
        "gradients",
        "analyses/gradients/paths/angle_laws",
        "mean[k] = (1 - twice) / 2, once",
        "mean[k] = (1 - twice) / 2, twice",
    ),
    of_module(
        "gradients", "analyses/gradients/paths/angle_laws", "constant[row] + shift or any(", "constant[row] or any("
    ),
    of_module(
        "gradients",
        "analyses/gradients/propagation/moments",
        "_clean(once * math.cos(shift))",
        "_clean(once * math.sin(shift))",
        "-k by_hand",
    ),
    of_module(
        "gradients",
        "analyses/gradients/propagation/moments",
        "coefficient * noise.readout_factor(",
        "noise.readout_factor(",
        "-k by_hand",
    ),
    of_module(
        "gradients",
        "analyses/gradients/propagation/moments",
        "np.where(left == right, 1.0, 2.0)",
        "np.where(left == right, 1.0, 1.0)",
        "-k by_hand",
    ),
)

_MUTANTS_OF_PICTURES = (
    of_module("pictures", "pictures/shades", "decade + DECADES, 0", "decade + DECADES - 1, 0"),
    of_module("pictures", "pictures/shades", "range(1 - DECADES, DECADES)", "range(-DECADES, DECADES - 1)"),
    of_module("pictures", "pictures/heat_map", "DEAD if component.dead else Spot.LIVE", "LIVE"),
    of_module("pictures", "pictures/heat_map", "np.maximum.at(row_signal, rows", "np.minimum.at(row_signal, rows"),
    of_module(
        "pictures", "pictures/heat_map", "circuit.moment[operation] // moments_each", "operation // moments_each"
    ),
    of_module("pictures", "pictures/curves", "largest.signal_interval", "largest.interval"),
    of_module("pictures", "pictures/plot", "low, values * 1e-3", "low, values"),
    of_module("pages", "report/html/marks", "if finding.code in dead else operations", "if False else operations"),
    of_module("pages", "report/html/drawing", "if end <= cell.x - BADGE / 2", "if end <= cell.x"),
    of_module("pages", "report/html/gate_drawing", "column = max(free[low:high])", "column = free[low]"),
    of_module("pages", "ir/circuit", "qubit - self.n_declared:,", "qubit:,"),
    of_module("pages", "report/html/cell_drawing", "kinds[column] == kinds[start]", "kinds[column] != kinds[start]"),
    of_module("pages", "report/html/finding_card", "if s.is_shown or verbosity > 0", "if s.is_shown"),
    of_module("pages", "report/html/family_section", "high=math.log10(high)", "high=math.log10(low)"),
    of_module("pages", "report/html/rendering", "return printable(value) if", "return value if"),
    of_module("pages", "report/html/circuit_section", "component.signal < noise for", "component.signal > noise for"),
)

_MUTANTS_OF_OUTCOMES = (
    of_module("outcomes", "importers/outcomes", "if outcome is not None:", "if outcome is None:"),
    of_module("outcomes", "importers/outcomes", '_leaf("cx", (wire, ancilla))', '_leaf("cx", (ancilla, wire))'),
    of_module("outcomes", "importers/outcomes", "self._wire[qubit] = self._new()", "self._new()"),
    of_module("outcomes", "importers/outcomes", "in self._reset if qubit in self._fresh]", "in self._reset]"),
    of_feedback("for value in (False, True):", "for value in (True,):"),
    of_feedback("holders, [*self.assumed.values()]", "holders, [True for _ in self.assumed]"),
    of_feedback("elif self.assumed[before]:", "elif not self.assumed[before]:"),
    of_module("outcomes", "prepare/deferred", "string >> qubit & 1", "string & qubit"),
    of_module("outcomes", "prepare/deferred", "if circuit.deciding and not", "if not"),
)

_MUTANTS_OF_STARTS = (
    of_module("starts", "repairs/ends", "if lost < -CHANCE * math", "if lost < CHANCE * math"),
    of_module("starts", "repairs/ends", "ends_better and lost <= SAME", "False"),
    of_module("starts", "repairs/ends", "ends_better and lost <= SAME", "lost <= SAME"),
    of_module("starts", "repairs/ends", "hypot(before.error, after.error)", "hypot(0.0)"),
    of_module("starts", "repairs/ends", "told is None or not told.unknown", "told is None"),
    of_module("starts", "repairs/measure", "if good and change.prior and", "if change.prior and"),
    of_module("starts", "repairs/measure", "if good and change.prior and", "if False and"),
)

_MUTANTS_OF_TRAINING = (
    of_module("training", "analyses/training/with_shots", "1 - SQUARE**step", "1 - MEAN**step"),
    of_module("training", "analyses/training/end", "sign = -1.0 if loss.projector else 1.0", "sign = 1.0"),
    of_module("training", "analyses/training/end", "if told or case.circuit.n_qubits > SMALL", "if False"),
    of_module("training", "analyses/training/end", "size = math.fsum(abs(c) for", "size = math.fsum(c for"),
)

OF_ROOMS = (
    *_MUTANTS_OF_BOUNDS,
    *_MUTANTS_OF_FRAMES,
    *_MUTANTS_OF_LIGHT_CONES,
    *_MUTANTS_OF_LIE_ALGEBRAS,
    *_MUTANTS_OF_SYMMETRY_SEARCH,
    *_MUTANTS_OF_DEEP_LIMITS,
    *_MUTANTS_OF_ENGINES,
    *_MUTANTS_OF_PICTURES,
    *_MUTANTS_OF_OUTCOMES,
    *_MUTANTS_OF_STARTS,
    *_MUTANTS_OF_TRAINING,
)
