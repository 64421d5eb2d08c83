using System.Text.RegularExpressions;
using Portico.Blueprint;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Running;

namespace Portico.ControlPlane.Services;

/// <summary>Validates a service from the API with the rules for Blueprints, by converting it to one: both ways give the same errors.</summary>
internal sealed partial class ServiceCheck(PlatformCheck platform)
{
    /// <param name="fieldOf">Returns the request's name for a field of a Blueprint, for example <c>healthCheckPath</c> or
    /// <c>headers[2].value</c>.</param>
    /// <param name="before">The service before the change. Its existing problems are not reported.</param>
    /// <param name="localRepositories">As in <see cref="PlatformSupport.Of"/>.</param>
    /// <exception cref="RefusedException">400 with all problems.</exception>
    public void Require(ServiceSpec spec, Func<string, string> fieldOf, ServiceSpec? before = null, bool localRepositories = false)
    {
        var known = before is null ? [] : Problems(before, localRepositories: true).Select(problem => (problem.Path, problem.Message)).ToHashSet();
        var problems = Problems(spec, localRepositories || (before is not null && before.Repo == spec.Repo)).Where(problem => !known.Contains((problem.Path, problem.Message))).ToList();
        if (problems.Count > 0)
            throw Refusal.Invalid(string.Join(" ", problems.Select(problem => Describe(problem, fieldOf))));
    }

    private List<Diagnostic> Problems(ServiceSpec spec, bool localRepositories)
    {
        var parsed = BlueprintParser.Parse(BlueprintWriter.Write(new BlueprintFile { Resources = new ResourceLists { Services = [spec] } }));
        var support = parsed.File is null ? [] : platform.Check(parsed.File, localRepositories);
        return [.. parsed.Diagnostics.Concat(support).Where(IsProblem)];
    }

    /// <summary>
    /// Whether a diagnostic rejects the request. Warnings about settings without effect do, because nothing is accepted and
    /// then ignored.
    /// </summary>
    private static bool IsProblem(Diagnostic item) =>
        item.Severity == Severity.Error || item.Code is Codes.IgnoredField or Codes.LooseValue or Codes.NoEffect;

    private static string Describe(Diagnostic problem, Func<string, string> fieldOf)
    {
        var suggestion = problem.Suggestion is null ? "" : $"; {problem.Suggestion}";
        return $"{fieldOf(FieldIn(problem))}: {AsRefusal(problem).TrimEnd('.')}{suggestion}.";
    }

    /// <summary>Words a warning as what it is here: a file with it is applied, and a request with it is refused.</summary>
    private static string AsRefusal(Diagnostic problem) => problem.Code switch
    {
        Codes.NoEffect => $"{problem.Message.Replace("no effect yet: ", "not supported: ", StringComparison.Ordinal).TrimEnd('.')}. Omit it, or turn it off",
        Codes.IgnoredField => problem.Message.Replace("is ignored", "can't be set", StringComparison.Ordinal),
        _ => problem.Message,
    };

    /// <summary>Returns the field of a problem. A missing field is reported at the service and named in the message.</summary>
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
