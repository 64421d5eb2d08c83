using System.Text.RegularExpressions;
using Portico.Testing;

namespace Portico.Core.Tests.Repository;

/// <summary>The script that runs with the engine's rights searches for no program: it could find a file of a workload.</summary>
public sealed partial class LaunchScriptTests
{
    [Fact]
    public void Every_program_has_an_absolute_path()
    {
        var code = File.ReadAllLines(SourceTree.PathOf("src", "Engines", "Portico.Engines.Process", "Workloads", "launch.sh"))
            .Select(line => line.Trim()).Where(line => !line.StartsWith('#')).Select(line => Message().Replace(line, "")).ToList();
        var programs = code.SelectMany(line => Program().Matches(line)).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Contains("losetup", programs);
        Assert.DoesNotContain(code, line => programs.Any(name => Regex.IsMatch(line, $@"(?<![\w./$-]){Regex.Escape(name)}(?![\w.-])")));
    }

    [GeneratedRegex("""echo "[^"]*";?""")]
    private static partial Regex Message();

    [GeneratedRegex(@"/usr/s?bin/([\w.]+)")]
    private static partial Regex Program();
}
