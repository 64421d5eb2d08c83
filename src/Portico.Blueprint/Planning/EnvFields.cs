using Portico.Blueprint.Binding;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Planning;

/// <summary>
/// Shows variables as fields of a plan. References are shown as references, never as the value that they resolve to. A
/// <c>previewValue</c> is not stored, so it is not part of a plan.
/// </summary>
internal static class EnvFields
{
    public static IEnumerable<Field> Of(ValueList<EnvEntry>? entries)
    {
        foreach (var entry in entries ?? [])
        {
            if (entry is EnvGroupLink link)
                yield return new Field($"envVars.fromGroup.{link.Group}", "linked", false);
            if (entry is not EnvVar variable)
                continue;
            yield return new Field($"envVars.{variable.Key}", Show(variable.Value), IsSecret(variable));
        }
    }

    private static bool IsSecret(EnvVar variable) => variable.Value switch
    {
        LiteralValue literal => SecretKeys.IsSecret(variable.Key, literal.Text),
        PromptedValue { Default: not null } => true,
        _ => false,
    };

    private static string Show(EnvValue value) => value switch
    {
        LiteralValue literal => literal.Text,
        GeneratedValue => "(generated once)",
        PromptedValue { Default: { } given } => given,
        PromptedValue => "(prompted once)",
        DatabaseReference reference => $"(database {reference.Name}: {reference.Property})",
        // Another spelling of the same reference, stored as the one above.
        ServiceReference { Kind: ReferenceKind.Postgres, Property: { } property } reference => $"(database {reference.Name}: {property})",
        ServiceReference { Property: { } property } reference => $"({Vocabulary.References.WordOf(reference.Kind)} {reference.Name}: {property})",
        ServiceReference reference => $"({Vocabulary.References.WordOf(reference.Kind)} {reference.Name}: variable {reference.EnvVarKey})",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };
}
