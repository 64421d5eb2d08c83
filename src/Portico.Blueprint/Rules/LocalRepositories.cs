using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Rules;

/// <summary>
/// Turns the paths of <c>repo: /path</c> and <c>repo: ./path</c> into <c>file:</c> URLs. A path means something only beside a
/// file that lies on the platform's machine: in a repository or a request, it would be a directory of another machine.
/// </summary>
internal static class LocalRepositories
{
    /// <param name="directory">The directory of the file; null when it is not on the platform's machine.</param>
    public static BlueprintFile Resolve(BlueprintFile file, string? directory, DiagnosticBag bag) =>
        file.AllServices().Any(item => GitRules.IsPath(item.Resource.Repo))
            ? file.With(lists => lists with { Services = lists.Services?.Select(service => Resolve(service, directory, bag)).ToValueList() })
            : file;

    private static ServiceSpec Resolve(ServiceSpec service, string? directory, DiagnosticBag bag)
    {
        if (service.Repo is not { } path || !GitRules.IsPath(path))
            return service;
        if (path[0] == '~')
            bag.Error(Codes.InvalidValue, service.Origin.At("repo"), $"'{SafeText.Word(path)}' names a home directory", "write the absolute path");
        else if (directory is null || !Path.IsPathFullyQualified(directory))
            bag.Error(
                Codes.InvalidValue, service.Origin.At("repo"),
                $"'{SafeText.Word(path)}' is a directory, which only a render.yaml on the platform's machine can name",
                "use an https or ssh URL, or apply the file with `portico up`");
        else
            return service with { Repo = new Uri(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, directory))).AbsoluteUri };
        return service;
    }
}
