using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Notifications;

/// <summary>Hides the values of a deploy's variables and secret files in its output.</summary>
internal sealed class SecretMask(DeployRow deploy)
{
    /// <summary>The length from which values are hidden. Shorter ones are not secrets and occur everywhere.</summary>
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
