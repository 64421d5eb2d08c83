using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Engines;
using Portico.Blueprint.Model;
using Portico.Core.Engines;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Running;

/// <summary>Reports the parts of a file that cannot work on this platform: what its engine cannot do, and what its own hosts exclude.</summary>
internal sealed class PlatformCheck(IEngine engine, PlatformSettings settings)
{
    private const string ChoosePath = "choose a path like '/var/data'";

    /// <param name="file">The file, which has no errors of its own.</param>
    /// <param name="localRepositories">As in <see cref="PlatformSupport.Of"/>.</param>
    /// <param name="origin">As in <see cref="EngineSupport.Origin"/>.</param>
    public IReadOnlyList<Diagnostic> Check(BlueprintFile file, bool localRepositories, string? origin = null) =>
    [
        .. EngineCheck.Check(file, PlatformSupport.Of(engine.Capabilities, localRepositories) with { Origin = origin }),
        .. file.AllServices().SelectMany(item => CookieProblems(item.Resource)),
        .. file.AllServices().SelectMany(item => MountProblems(item.Resource)),
    ];

    /// <summary>Returns why a disk cannot be mounted at a path on this platform; null if it can. The path is valid otherwise.</summary>
    public string? ExplainMount(string path)
    {
        var (target, home) = ($"{Path.GetFullPath(path).TrimEnd('/')}/", $"{settings.Paths.Home.TrimEnd('/')}/");
        return home.StartsWith(target, StringComparison.Ordinal) || target.StartsWith(home, StringComparison.Ordinal)
            ? $"a disk cannot be mounted at '{target.TrimEnd('/')}', because the platform's own data is in '{home.TrimEnd('/')}'"
            : null;
    }

    private IEnumerable<Diagnostic> MountProblems(ServiceSpec service)
    {
        if (service.Disk is not { } disk || ExplainMount(disk.MountPath) is not { } problem)
            yield break;
        var at = service.Origin.Into("disk").At("mountPath");
        yield return new Diagnostic(Severity.Error, Codes.InvalidValue, problem, at.Path, at.Line, at.Column, ChoosePath);
    }

    /// <summary>The edge would leave such a header out.</summary>
    private IEnumerable<Diagnostic> CookieProblems(ServiceSpec service)
    {
        foreach (var (header, index) in (service.Headers ?? []).Select((header, index) => (header, index)))
            if (CookieDomain.IsOfPlatform(header.Name, header.Value, settings.PlatformHosts))
            {
                var at = service.Origin.At("headers");
                yield return new Diagnostic(
                    Severity.Error, Codes.InvalidValue, "a static site cannot set cookies for the platform's domain or a domain above it: browsers would send them to every service",
                    $"{at.Path}[{index}].value", at.Line, at.Column, "remove 'Domain' from the cookie, or name the site's own host");
            }
    }
}
