using System.Text.RegularExpressions;
using Portico.Blueprint;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Engines;
using Portico.Blueprint.Model;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Services;

/// <summary>
/// Holds a service that did not come from a Blueprint against the Blueprint's own rules, by writing it as one: the same
/// thing is refused in the same words, whichever way it comes.
/// </summary>
public sealed partial class ServiceCheck(IEngine engine)
{
    /// <param name="fieldOf">The request's name for a Blueprint's field, for example <c>healthCheckPath</c> or <c>headers[2].value</c>.</param>
    /// <param name="before">What was there: its problems are not the request's.</param>
    /// <param name="localRepositories">As for <see cref="PlatformSupport.Of"/>.</param>
    /// <exception cref="RefusedException">400 with everything that is wrong.</exception>
    public void Require(ServiceSpec spec, Func<string, string> fieldOf, ServiceSpec? before = null, bool localRepositories = false)
    {
        ArgumentNullException.ThrowIfNull(fieldOf);
        var known = before is null ? [] : Problems(before, localRepositories: true).Select(problem => (problem.Path, problem.Message)).ToHashSet();
        var problems = Problems(spec, localRepositories || (before is not null && before.Repo == spec.Repo)).Where(problem => !known.Contains((problem.Path, problem.Message))).ToList();
        if (problems.Count > 0)
            throw Refusal.Invalid(string.Join(" ", problems.Select(problem => Describe(problem, fieldOf))));
    }

    private List<Diagnostic> Problems(ServiceSpec spec, bool localRepositories)
    {
        var parsed = BlueprintParser.Parse(BlueprintWriter.Write(new BlueprintFile { Resources = new ResourceLists { Services = [spec] } }));
        var support = parsed.File is null ? [] : EngineCheck.Check(parsed.File, PlatformSupport.Of(engine.Capabilities, localRepositories));
        return [.. parsed.Diagnostics.Concat(support).Where(IsProblem)];
    }

    /// <summary>Also what would have no effect, or another one than it says: nothing is accepted and then ignored.</summary>
    private static bool IsProblem(Diagnostic item) =>
        item.Severity == Severity.Error || item.Code is Codes.IgnoredField or Codes.LooseValue or Codes.NoEffect;

    private static string Describe(Diagnostic problem, Func<string, string> fieldOf)
    {
        var suggestion = problem.Suggestion is null ? "" : $"; {problem.Suggestion}";
        return $"{fieldOf(FieldIn(problem))}: {problem.Message.TrimEnd('.')}{suggestion}.";
    }

    /// <summary>What is missing is reported at the service, and named in the message.</summary>
    private static string FieldIn(Diagnostic problem)
    {
        var path = ServicePrefix().Replace(problem.Path, "");
        return path.Length == 0 && MissingName().Match(problem.Message) is { Success: true } missing ? missing.Groups[1].Value : path;
    }

    [GeneratedRegex(@"\Aservices\[0\]\.?")]
    private static partial Regex ServicePrefix();

    [GeneratedRegex(@"\A'(\w+)' is missing")]
    private static partial Regex MissingName();
}
