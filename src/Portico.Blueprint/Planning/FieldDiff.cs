using Portico.Blueprint.Model;

namespace Portico.Blueprint.Planning;

/// <summary>One field of a resource, as text.</summary>
/// <param name="Value">Null when the field is not set.</param>
internal readonly record struct Field(string Path, string? Value, bool Secret);

internal static class FieldDiff
{
    public static ValueList<FieldChange> Of(IEnumerable<Field> before, IEnumerable<Field> after)
    {
        var old = new Dictionary<string, Field>(StringComparer.Ordinal);
        foreach (var field in before)
            if (field.Value is not null)
                old.TryAdd(field.Path, field);
        var changes = new List<FieldChange>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in after)
        {
            if (field.Value is null || !seen.Add(field.Path))
                continue;
            if (!old.Remove(field.Path, out var was))
                changes.Add(new FieldChange(field.Path, null, field.Value, field.Secret));
            else if (was.Value != field.Value)
                changes.Add(new FieldChange(field.Path, was.Value, field.Value, field.Secret || was.Secret));
        }
        changes.AddRange(old.Values.Select(field => new FieldChange(field.Path, field.Value, null, field.Secret)));
        return changes.ToValueList();
    }
}
