using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Projects;

/// <summary>Rules for environments. Settings that would have no effect are rejected.</summary>
internal static class EnvironmentRules
{
    /// <summary>Validates a name. As in Blueprints, <c>project/environment</c> denotes an environment, so a name must not contain a slash.</summary>
    public static string Name(string field, string? text)
    {
        var name = IdentityText.Name(field, text);
        return name.Contains('/', StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal)
            ? throw Refusal.Invalid($"{field}: must not contain '/' or '..'.")
            : name;
    }

    /// <returns>Null if it is not given.</returns>
    public static bool? IsProtected(string field, string? status) => status switch
    {
        null => null,
        "protected" => true,
        "unprotected" => false,
        _ => throw Refusal.Invalid($"{field}: must be protected or unprotected."),
    };

    /// <param name="restriction">Why the engine has no private network; null if it has one.</param>
    /// <exception cref="RefusedException">400: the engine does not support it.</exception>
    public static void RequirePossible(string field, bool? isolated, string? restriction)
    {
        if (isolated is true && restriction is not null)
            throw Refusal.Invalid($"{field}networkIsolationEnabled: not supported on this machine; {restriction}");
    }

    /// <summary>Requires an environment to be empty. Call it in the transaction of the deletion.</summary>
    /// <exception cref="RefusedException">400: the environment has resources.</exception>
    public static async Task RequireEmptyAsync(PorticoDb db, EnvironmentRow row, CancellationToken cancellationToken)
    {
        if (await db.IsUsedAsync<EnvironmentRow>(row.Id, cancellationToken))
            throw Refusal.Invalid($"The environment '{row.Name}' is not empty. Move or delete its resources first.");
    }
}
