using System.Security.Cryptography;
using System.Text;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Deploys;

/// <summary>Digests that tell whether a deploy or a build would differ from one before.</summary>
public static class DeployKeys
{
    /// <summary>All that makes a difference to a build. Equal keys: the earlier artifact is as good.</summary>
    public static string Build(
        string sourceKey, ServiceSettings settings, IReadOnlyDictionary<string, string> environment,
        IReadOnlyDictionary<string, string>? secretFiles) => Digest(
    [
        sourceKey, settings.Runtime, settings.Source.RootDir ?? "", settings.BuildCommand ?? "",
        settings.StaticPublishPath ?? "",
        .. Lines(environment.Where(pair => BuildVariables.Matter(pair.Key, settings))), .. FileLines(secretFiles),
    ]);

    /// <summary>All that a running service sees, except its source. How many instances there are needs no deploy, nor do routes.</summary>
    public static string Configuration(
        ServiceSettings settings, IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, string>? secretFiles)
    {
        var seen = settings with
        {
            NumInstances = null,
            Scaling = null,
            Headers = null,
            Routes = null,
            AutoDeploy = null,
            Previews = null,
            IpAllowList = null,
            PlatformSubdomain = null,
            Maintenance = null,
            Source = settings.Source with { Filter = null },
        };
        return Digest([StoredJson.Write(seen), .. Lines(environment), .. FileLines(secretFiles)]);
    }

    /// <summary>Of the commit's own variables nothing counts: each commit has others, and not each needs a deploy.</summary>
    private static IEnumerable<string> Lines(IEnumerable<KeyValuePair<string, string>> environment) => environment
        .Where(pair => !pair.Key.StartsWith("RENDER_GIT_", StringComparison.Ordinal))
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .SelectMany(pair => new[] { pair.Key, pair.Value });

    /// <summary>A variable's key holds no slash: the two cannot be taken for one another.</summary>
    private static IEnumerable<string> FileLines(IReadOnlyDictionary<string, string>? files) => (files ?? new Dictionary<string, string>())
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .SelectMany(pair => new[] { $"/etc/secrets/{pair.Key}", pair.Value });

    private static string Digest(IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
