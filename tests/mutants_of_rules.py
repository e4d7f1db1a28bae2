"""What each rule rests on, broken: two mutants a rule or more."""

from mutant import Mutant, of_analysis, of_rule

_MUTANTS_OF_READING = (
    Mutant(
        "BP001",
        "bplint/importers/qasm/registers.py",
        "if lowest <= index < size:",
        "if lowest <= index <= size:",
        "importers/qasm/test_messages.py",
    ),
    Mutant(
        "BP001",
        "bplint/importers/qasm/callees.py",
        "zip(here, want, strict=True) if h != w",
        "zip(here, want, strict=True) if h == w",
        "importers/qasm/test_messages.py",
    ),
    Mutant(
        "BP002",
        "bplint/suppress.py",
        "(comment.directive, code) not in used",
        "(comment.directive, code) in used",
        "test_suppress.py",
    ),
    Mutant(
        "BP002",
        "bplint/suppress.py",
        "finding.span.line == comment.line",
        "finding.span.line != comment.line",
        "test_suppress.py",
    ),
    of_rule("BP003", 'observable_source != "assumed"', 'observable_source == "assumed"'),
    Mutant(
        "BP003",
        "bplint/prepare/case.py",
        "circuit.measured or range(n)",
        "circuit.measured and range(n)",
        "prepare/test_case.py",
    ),
    of_rule("BP004", "elif selection.guessed:", "elif not selection.guessed:"),
    Mutant(
        "BP004",
        "bplint/ir/trainable.py",
        "> (1e-5 if decimal",
        "< (1e-5 if decimal",
        "ir/test_trainable.py",
    ),
    Mutant(
        "BP004",
        "bplint/ir/trainable.py",
        "< TIED_BELOW * len(values)",
        "> TIED_BELOW * len(values)",
        "ir/test_trainable.py",
    ),
)

_MUTANTS_OF_ALGEBRAS = (
    of_rule("BP101", "largest.pairs < max(6, n / 2)", "largest.pairs <= max(6, n / 2)"),
    of_rule("BP101", "seen < n / 2, margin", "seen > n / 2, margin", "rules/test_bp101_exponential_algebra.py"),
    of_rule("BP101", "self.margin >= HEALTHY", "self.margin < HEALTHY", "rules/test_bp101_exponential_algebra.py"),
    of_rule("BP101", "is Role.TRAINABLE", "is not Role.TRAINABLE", "rules/test_bp101_exponential_algebra.py"),
    of_rule(
        "BP101",
        "any(form.is_polynomial for form in forms)",
        "not any(form.is_polynomial for form in forms)",
        "rules/test_bp101_exponential_algebra.py",
    ),
    of_rule("BP101", "c.dimension // c.copies for n", "c.dimension for n", "rules/test_bp101_exponential_algebra.py"),
    of_analysis(
        "BP101",
        "dla/pauli/quadric",
        "arf ^= form[left] & form[right]",
        "arf ^= form[left] | form[right]",
        "dla/pauli/test_classify_theorems.py -k table",
    ),
    of_analysis(
        "BP101", "dla/pauli/free_fermions", "len(root.stars) > 3", "len(root.stars) < 3", "dla/pauli/test_classify.py"
    ),
    of_rule("BP102", "if share <= 0.5:", "if share > 0.5:"),
    of_rule("BP102", "answer.degree(pulled) >= max(6, n / 2)", "answer.degree(pulled) < max(6, n / 2)"),
    of_rule("BP102", "shallow, noise = cone < n / 2", "shallow, noise = cone > n / 2"),
    of_rule(
        "BP102", "margin(case, ask)) >= HEALTHY", "margin(case, ask)) < HEALTHY", "rules/test_bp102_large_module.py"
    ),
    of_analysis("BP102", "deep_limit/orbits", "count << len(shifts) - len(flat)", "count << len(shifts) + len(flat)"),
    of_analysis(
        "BP103",
        "dla/culprit",
        "2 * max((c.pairs for c in touched), default=0) >= pairs",
        "2 * max((c.pairs for c in touched), default=0) < pairs",
        "../rules/test_bp103_culprit_generator.py",
    ),
    of_analysis(
        "BP103",
        "dla/culprit",
        "largest.pairs < max(6, n / 2)",
        "largest.pairs > max(6, n / 2)",
        "../rules/test_bp103_culprit_generator.py",
    ),
    of_analysis("BP103", "dla/dla", "if i not in without", "if i in without", "dla/test_dla.py -k without"),
    of_analysis("BP103", "dla/pauli/obstruction", "if size > len(pool):", "if size >= len(pool):"),
    of_rule("BP103", "above >= HEALTHY", "above < HEALTHY", "rules/test_bp103_culprit_generator.py"),
)

_MUTANTS_OF_STRUCTURE = (
    of_rule("BP104", "elif not answer.live:", "elif answer.live:"),
    of_rule(
        "BP104",
        "set(answer.dead) <= set(answer.idle)",
        "set(answer.dead) > set(answer.idle)",
        "rules/test_bp104_dead_loss.py",
    ),
    of_analysis("BP104", "gradients/parity", "x_part(term[1], n) in span]", "x_part(term[1], n) not in span]"),
    of_analysis("BP104", "gradients/parity", "(k == 2) ^ negative", "(k == 0) ^ negative"),
    of_rule("BP104", "(whole.variance or 0.0) <= _ROUNDING", "(whole.variance or 0.0) > _ROUNDING"),
    of_analysis("BP104", "light_cone/alive", "x_part(string, n) == 0", "x_part(string, n) != 0"),
    of_analysis("BP104", "light_cone/alive", "before[2] or matters", "before[2] and matters"),
    of_rule("BP201", "weight <= share", "weight > share"),
    of_analysis(
        "BP201",
        "light_cone/locality",
        "qubits >= n_qubits / 2",
        "qubits < n_qubits / 2",
        "../rules/test_bp201_global_observable.py",
    ),
    of_analysis(
        "BP201", "light_cone/locality", "qubits > LOCAL", "qubits >= LOCAL", "../rules/test_bp201_global_observable.py"
    ),
    of_rule(
        "BP201",
        "if is_wide(widest.declared, n):",
        "if not is_wide(widest.declared, n):",
        "rules/test_bp201_global_observable.py",
    ),
    of_analysis("BP201", "light_cone/locality", "waiting &= ~mask", "waiting |= mask"),
    of_rule("BP202", "2 * weight < total", "2 * weight > total"),
    of_rule("BP202", "any(term.light_cone < n", "any(term.light_cone <= n"),
    of_rule("BP203", "if not answer.dead or not answer.live:", "if answer.dead or not answer.live:"),
    of_rule("BP203", "len(answer.dead) > len(answer.live)", "len(answer.dead) < len(answer.live)"),
    of_rule(
        "BP203",
        "set(block) <= set(answer.unseen)",
        "set(block) > set(answer.unseen)",
        "rules/test_bp203_dead_parameter.py",
    ),
    of_analysis(
        "BP203", "light_cone/alive", "before[1] or moves", "before[1] or seen", "../rules/test_bp203_dead_parameter.py"
    ),
    of_analysis("BP203", "light_cone/alive", "for q in range(n)], forward=True)", "for q in range(n)], forward=False)"),
    of_analysis("BP203", "light_cone/passage", "return not wrong and not any(", "return not any("),
    of_rule("BP204", "len(merges) > _MOST", "len(merges) >= _MOST"),
    of_analysis("BP204", "light_cone/mergeable", "frame.negative[i] != (phase == 2)", "frame.negative[i]"),
    of_analysis("BP204", "light_cone/mergeable", "abs(c) > 1e-12", "abs(c) >= 0"),
    of_rule("BP951", "n_qubits <= _SMALL", "n_qubits < _SMALL"),
    of_analysis("BP951", "dla/simulation", "max(cones) <= CONE_LIMIT", "max(cones) < CONE_LIMIT"),
    of_analysis("BP951", "dla/simulation", "c.copies <= frame.n_qubits", "c.copies >= frame.n_qubits"),
    of_rule("BP951", "if not ask(reach).live", "if ask(reach).live"),
    of_analysis("BP951", "dla/pauli/enumerated_module", "if len(members) > limit:", "if len(members) >= limit:"),
)

_MUTANTS_OF_GRADIENTS = (
    of_rule("BP301", "bound >= 1 / shots", "bound < 1 / shots"),
    of_rule(
        "BP301",
        "anywhere.lower <= 1 / case.context.shots",
        "anywhere.lower > 1 / case.context.shots",
        "rules/test_bp301_vanishing_gradient.py",
    ),
    of_analysis("BP301", "gradients/paths/staged_plan", "if upper < threshold else", "if upper > threshold else"),
    of_analysis(
        "BP301",
        "gradients/paths/sampler",
        "flip &= anticommute",
        "flip &= ~anticommute",
        "gradients/paths/test_sampler.py -k exact_chain",
    ),
    Mutant(
        "BP301",
        "bplint/bounds.py",
        "divergence(mean, middle) < target",
        "divergence(mean, middle) > target",
        "test_bounds.py",
    ),
    of_rule("BP305", "new.upper < _LEFT * old.lower", "new.upper < old.lower", "rules/test_bp305_signal_regression.py"),
    of_rule("BP305", "and not _is_exponential(", "and _is_exponential(", "rules/test_bp305_signal_regression.py"),
    of_rule("BP303", "for width in widths) < 3", "for width in widths) < 2", "rules/test_bp303_exponential_decay.py"),
    of_rule(
        "BP303",
        "0 < self.bound < 1 / self.shots",
        "0 < self.bound > 1 / self.shots",
        "rules/test_bp303_exponential_decay.py",
    ),
    of_rule("BP303", "len(told) < len(measured)", "len(told) < 1", "rules/test_bp303_exponential_decay.py"),
    of_rule("BP303", "law.model is not Model.EXPONENTIAL or ", ""),
    of_analysis("BP303", "decay", "< ENOUGH:", "< ENOUGH - 1:"),
    of_analysis("BP303", "decay", "bend**2 * norm > _CURVED and last", "bend**2 * norm > _CURVED or last"),
    of_analysis("BP303", "decay", "last > _FLATTER * fit.slope", "last < _FLATTER * fit.slope"),
    of_analysis("BP303", "decay", "self.interval[1] < 0", "self.interval[1] > 0"),
    of_analysis(
        "BP303", "family", "largest.signal, largest.signal_interval", "largest.second_moment, largest.interval"
    ),
    of_rule("BP302", "measured.lower <= 1 / shots", "measured.lower > 1 / shots"),
    of_rule("BP302", "2 * answer.number <= answer.live", "2 * answer.number < answer.live"),
    of_analysis(
        "BP302",
        "gradients/paths/path_moments",
        "bounds_on(parts, share, upper=True) < effort.threshold",
        "bounds_on(parts, share, upper=True) > effort.threshold",
        "gradients/test_gradient.py -k weak",
    ),
    of_rule("BP304", "measured.lower <= 1 / shots", "measured.lower > 1 / shots"),
    of_rule("BP304", "measured.signal >= factor / shots", "measured.signal < factor / shots"),
    of_analysis(
        "BP304",
        "gradients/paths/staged_plan",
        "hits.met_hits - hits.flip_hits, hits.flip_hits",
        "hits.met_hits + hits.flip_hits, hits.flip_hits",
        "gradients/paths/test_chain.py",
    ),
    of_rule("BP501", "a.excess > NEAR", "a.excess < NEAR"),
    of_rule("BP501", "default=n) < 6", "default=n) > 6"),
    of_rule("BP501", "observable.n_qubits) <= 2)", "observable.n_qubits) > 2)"),
    of_analysis("BP501", "entanglement/purity", "2**size - 0.5**size", "2**size + 0.5**size"),
    of_rule("BP601", "observable.scale) < 1 / shots", "observable.scale) > 1 / shots"),
    of_rule("BP601", "clean.lower <= 1 / shots", "clean.lower > 1 / shots"),
    of_analysis("BP601", "light_cone/damping", "max(left[q] for q in touched)", "min(left[q] for q in touched)"),
    Mutant("BP601", "bplint/ir/noise.py", "1 - 2 * (x + y), 1", "1 - 2 * (x - y), 1", "ir/test_noise.py"),
    of_rule("BP701", "near.lower > threshold", "near.lower < threshold"),
    of_rule("BP701", "measured.upper >= 1 / shots", "measured.upper < 1 / shots"),
    of_analysis("BP701", "gradients/paths/angle_laws", "(1 - twice) / 2, once", "(1 + twice) / 2, once"),
    Mutant("BP701", "bplint/ir/law.py", "math.sin(phase) / phase", "math.cos(phase) / phase", "ir/test_law.py"),
)

_MUTANTS_OF_SYMMETRIES = (
    of_rule("BP901", "m.gain >= gain", "m.gain < gain"),
    of_rule("BP901", "bound >= min(", "bound >= max("),
    of_rule("BP901", "(*m.merit, m.after.dimension or 0)", "m.gain", "rules/test_bp901_unused_symmetry.py"),
    of_rule("BP902", "if low.holds or low.missed", "if not low.holds or low.missed"),
    of_rule("BP902", "low.missed < least", "low.missed > least"),
    of_rule(
        "BP902",
        "neither and not answer.is_prepared",
        "neither or answer.is_prepared",
        "rules/test_bp902_wrong_sector.py",
    ),
    of_rule("BP902", "(kept,), alone[0]", "(kept,), low", "rules/test_bp902_wrong_sector.py"),
    of_rule("BP902", "variance <= _ROUNDING * size**2", "variance < -_ROUNDING", "rules/test_bp902_wrong_sector.py"),
    of_analysis(
        "BP902",
        "symmetry/conserved_sector",
        "1.0),), -1.0 if negative else 1.0))",
        "1.0),), 1.0 if negative else -1.0))",
        "../rules/test_bp902_wrong_sector.py",
    ),
    of_analysis(
        "BP902",
        "symmetry/conserved_sector",
        "bit = 1 << row // 2 + (0 if row & 1 else n)",
        "bit = 1 << row // 2 + (n if row & 1 else 0)",
        "../rules/test_bp902_wrong_sector.py",
    ),
)

_MUTANTS_OF_DATA = (
    of_rule("BP402", "overlaps.counted < SHARE:\n        return (\n", "overlaps.counted > SHARE:\n        return (\n"),
    of_rule("BP402", "spread_in_shots(overlaps) < 1:", "spread_in_shots(overlaps) > 1:"),
    of_rule("BP402", "overlaps.resolution >= 1 / overlaps.shots", "overlaps.resolution < 1 / overlaps.shots"),
    of_rule("BP403", "name not in read)", "name in read)"),
    of_analysis(
        "BP403",
        "light_cone/alive",
        "for p, (_, _, matters) in data.items() if not matters",
        "for p, (_, _, matters) in data.items() if matters",
        "../rules/test_rules.py",
    ),
    of_rule("BP401", "if bound >= threshold:", "if bound < threshold:"),
    of_rule("BP401", "apart.lower < threshold", "apart.lower >= threshold"),
    of_rule(
        "BP404",
        "None if blind else Severity.NOTE",
        "Severity.NOTE if blind else None",
        "rules/test_bp404_label_blind.py",
    ),
    of_rule("BP404", "data.alignment >= LITTLE", "data.alignment < LITTLE"),
    of_rule("BP406", "data.weak_rows <= 0.5", "data.weak_rows > 0.5"),
    of_rule("BP406", "data.row[0] < 1 / context.shots", "data.row[0] > 1 / context.shots"),
    of_rule("BP801", "(LossKind.LINEAR, LossKind.HINGE, LossKind.MMD)", "(LossKind.LINEAR, LossKind.MMD)"),
    of_rule("BP801", "not loss.value:", "loss.value:"),
    of_rule("BP405", "one.least > 2 * math.pi", "one.least > 512 * math.pi"),
    of_rule("BP405", "one.most < ALIKE", "one.most > ALIKE"),
    of_rule("BP802", "low >= 1 / shots", "low < 1 / shots"),
    of_rule("BP802", "high >= 1 / shots", "high < 1 / shots"),
)

OF_RULES = (
    *_MUTANTS_OF_READING,
    *_MUTANTS_OF_ALGEBRAS,
    *_MUTANTS_OF_STRUCTURE,
    *_MUTANTS_OF_GRADIENTS,
    *_MUTANTS_OF_SYMMETRIES,
    *_MUTANTS_OF_DATA,
)
