using System.Text;
using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Planning;

/// <summary>Writes a plan for people: <c>+</c> is added, <c>~</c> changes, <c>-</c> is removed, <c>!</c> is left out or impossible.</summary>
public static class PlanText
{
    private const string Mask = "(secret)";

    public static string Render(BlueprintPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var text = new StringBuilder();
        foreach (var resource in plan.All.Where(item => item.Action != PlanAction.Unchanged))
            Append(text, resource);
        foreach (var resource in plan.LeftOut)
            text.Append("! ").Append(Noun(resource.Kind)).Append(' ').Append(SafeText.Word(resource.Name)).Append("\n    ")
                .Append(resource.Skipped ? "skipped: " : "").Append(resource.Reason.ReplaceLineEndings(" ")).Append("\n\n");
        if (plan.Kept.Count > 0)
        {
            text.Append("Not in the file, left unchanged:\n");
            foreach (var kept in plan.Kept)
                text.Append("    ").Append(Noun(kept.Kind)).Append(' ').Append(SafeText.Word(kept.Name)).Append('\n');
            text.Append('\n');
        }
        foreach (var diagnostic in plan.Diagnostics)
            text.Append(diagnostic).Append('\n');
        return text.Append(Counts(plan)).Append('\n').ToString();
    }

    private static string Counts(BlueprintPlan plan)
    {
        var blocked = plan.Count(PlanAction.Blocked) + plan.LeftOut.Count(resource => !resource.Skipped);
        var skipped = plan.LeftOut.Count(resource => resource.Skipped);
        return $"Plan: {plan.Count(PlanAction.Create)} to create, {plan.Count(PlanAction.Update)} to update, "
            + $"{plan.Count(PlanAction.Unchanged)} unchanged{(skipped > 0 ? $", {skipped} skipped" : "")}{(blocked > 0 ? $", {blocked} impossible" : "")}.";
    }

    private static void Append(StringBuilder text, ResourcePlan resource)
    {
        var sign = resource.Action switch { PlanAction.Create => '+', PlanAction.Update => '~', _ => '!' };
        text.Append(sign).Append(' ').Append(Noun(resource.Kind)).Append(' ').Append(SafeText.Word(resource.Name)).Append('\n');
        foreach (var change in resource.Changes)
            Append(text, change);
        text.Append('\n');
    }

    private static void Append(StringBuilder text, FieldChange change)
    {
        var sign = change.Old is null ? '+' : change.New is null ? '-' : '~';
        text.Append("    ").Append(sign).Append(' ').Append(SafeText.Word(change.Path)).Append(": ");
        if (change.Old is not null)
            text.Append(Value(change.Old, change.Secret));
        if (change is { Old: not null, New: not null })
            text.Append(" -> ");
        if (change.New is not null)
            text.Append(Value(change.New, change.Secret));
        text.Append('\n');
    }

    private static string Value(string value, bool secret) => secret ? Mask : SafeText.Word(value.ReplaceLineEndings("\\n"));

    private static string Noun(PlannedKind kind) => kind switch
    {
        PlannedKind.EnvGroup => "env group",
        PlannedKind.KeyValue => "key value",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
