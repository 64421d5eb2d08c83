using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Notifications;

/// <summary>Hides what a deploy was given as variables and secret files, in what it printed.</summary>
internal sealed class SecretMask(DeployRow deploy)
{
    /// <summary>Shorter values are no secrets, and words that stand everywhere.</summary>
    private const int Shortest = 8;

    private readonly string[] _values =
    [
        .. (deploy.Environment ?? []).Where(item => !item.Key.StartsWith("RENDER", StringComparison.Ordinal)).Select(item => item.Value)
            .Concat((deploy.SecretFiles ?? []).SelectMany(item => item.Value.Split('\n')))
            .Select(value => value.Trim()).Where(value => value.Length >= Shortest).Distinct().OrderByDescending(value => value.Length),
    ];

    public string Hide(string text) =>
        _values.Aggregate(text, (shown, value) => shown.Replace(value, "•••", StringComparison.Ordinal));
}
