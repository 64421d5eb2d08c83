using System.Security.Cryptography;
using System.Text;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Deploys;

/// <summary>Computes digests that tell whether a deploy or a build would differ from an earlier one.</summary>
internal static class DeployKeys
{
    /// <summary>A digest of everything that affects a build. If two are equal, the earlier artifact can be reused.</summary>
    public static string Build(
        string sourceKey, ServiceSettings settings, IReadOnlyDictionary<string, string> environment,
        IReadOnlyDictionary<string, string>? secretFiles) => Digest(
    [
        sourceKey, settings.Runtime, settings.Source.RootDir ?? "", settings.BuildCommand ?? "",
        settings.StaticPublishPath ?? "",
        .. Lines(environment.Where(pair => BuildVariables.Matter(pair.Key, settings))), .. FileLines(secretFiles),
    ]);

    /// <summary>
    /// A digest of everything that a running service sees, except its source. The number of instances and the routes need no
    /// deploy.
    /// </summary>
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
            Source = settings.Source with { Filter = null, RepoSetBy = null },
        };
        return Digest([StoredJson.Write(seen), .. Lines(environment), .. FileLines(secretFiles)]);
    }

    /// <summary>The variables without those about the commit, which differ for each commit and do not require a deploy.</summary>
    private static IEnumerable<string> Lines(IEnumerable<KeyValuePair<string, string>> environment) => environment
        .Where(pair => !pair.Key.StartsWith("RENDER_GIT_", StringComparison.Ordinal))
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .SelectMany(pair => new[] { pair.Key, pair.Value });

    /// <summary>The secret files. A variable's key contains no slash, so files and variables cannot be confused.</summary>
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
