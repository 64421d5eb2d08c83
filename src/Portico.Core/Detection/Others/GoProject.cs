using System.Text.RegularExpressions;
using Portico.Core.Detection.Files;
using Portico.Core.Services;

namespace Portico.Core.Detection.Others;

/// <summary>A Go module with a program. See https://render.com/docs/deploy-go-nethttp and https://render.com/docs/deploy-go-gin.</summary>
internal static class GoProject
{
    private const int MostFiles = 30;
    private static readonly Regex MainPackage = Pattern.Of(@"^package main\s*$");
    private static readonly Regex ModuleName = Pattern.Of(@"^module\s+\S*?([\w.-]+)\s*$");
    private static readonly string[] UsualNames = ["server", "web", "api", "app", "http", "main"];

    public static ServiceProposal? Detect(ProjectDirectory directory)
    {
        if (directory.Read("go.mod") is not { } module || Program(directory, ModuleName.First(module)) is not { } program)
            return null;
        var path = program == directory ? "" : $" ./{program.From(directory)}";
        // With -o and the name of a directory, the program would be written into that directory.
        var output = directory.Find("app") is null ? "app" : "server";
        return new ServiceProposal
        {
            Framework = "Go",
            Type = ServiceType.WebService,
            Runtime = new Guess("go", "there is a go.mod"),
            BuildCommand = new Guess($"go build -tags netgo -ldflags '-s -w' -o {output}{path}", program == directory ? "the package main is here" : $"the package main is in {program.From(directory)}"),
            StartCommand = new Guess($"./{output}", "the build writes this file"),
            HealthCheckPath = program.Names.Where(IsCode).Take(MostFiles).Select(name => (Name: name, Path: CodeText.HealthPath(program.Read(name))))
                .Where(found => found.Path is not null).Select(found => new Guess(found.Path!, $"{program.From(directory, found.Name)} serves it")).FirstOrDefault(),
        };
    }

    private static ProjectDirectory? Program(ProjectDirectory directory, string? module)
    {
        if (IsProgram(directory))
            return directory;
        var programs = directory.Find("cmd")?.WithBelow(1).Where(IsProgram).ToList() ?? [];
        return programs.Find(program => program.Name == module) ?? programs.MinBy(program => Array.IndexOf(UsualNames, program.Name) is >= 0 and var at ? at : UsualNames.Length);
    }

    private static bool IsProgram(ProjectDirectory directory) =>
        directory.Names.Where(IsCode).OrderByDescending(name => name == "main.go").Take(MostFiles).Any(name => MainPackage.IsFoundIn(directory.Read(name)));

    private static bool IsCode(string name) => name.EndsWith(".go", StringComparison.Ordinal) && !name.EndsWith("_test.go", StringComparison.Ordinal);
}
