using CsCheck;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;

namespace Portico.Blueprint.Tests;

public sealed class WriterTests
{
    [Fact]
    public void Every_model_reads_back_as_itself_and_plans_no_change() => ModelGen.File.Sample(
        file =>
        {
            var text = BlueprintWriter.Write(file);
            var result = BlueprintParser.Parse(text);
            Assert.False(result.HasErrors, $"{string.Join('\n', result.Diagnostics)}\n{text}");
            Assert.Equal(file, result.File);
            Assert.Equal(0, Planner.Plan(result.File!, file).TotalActions);
        },
        iter: 500);

    [Fact]
    public void Every_text_reads_back_as_itself() => ModelGen.AnyText.Sample(
        text =>
        {
            var file = new BlueprintFile
            {
                Resources = new ResourceLists { EnvGroups = [new EnvGroupSpec { Name = "g", EnvVars = [new EnvVar("A", new LiteralValue(text)), new EnvVar("B", new LiteralValue("b"))] }] },
            };
            Assert.Equal(file, BlueprintParser.Parse(BlueprintWriter.Write(file)).File);
        },
        iter: 5_000);

    [Fact]
    public void The_spelling_is_canonical()
    {
        const string Given = """
            services:
              - {name: web, type: web, env: node, plan: Pro_Plus, startCommand: "npm start", autoDeploy: no,
                 envVars: [{key: A, value: "yes"}, {key: B, value: 1.10}, {key: C, value: "two\nlines"}, {sync: false, key: D}]}
            """;
        const string Wanted = """
            services:
              - type: web
                name: web
                runtime: node
                plan: pro plus
                startCommand: npm start
                autoDeployTrigger: "off"
                envVars:
                  - key: A
                    value: "yes"
                  - key: B
                    value: "1.10"
                  - key: C
                    value: |-
                      two
                      lines
                  - key: D
                    sync: false

            """;

        Assert.Equal(Wanted, BlueprintWriter.Write(BlueprintParser.Parse(Given).File!));
    }

    [Fact]
    public void An_empty_file_is_still_a_file()
    {
        var text = BlueprintWriter.Write(new BlueprintFile());

        Assert.Equal("{}\n", text);
        Assert.DoesNotContain(BlueprintParser.Parse(text).Diagnostics, item => item.Severity == Severity.Error);
    }
}
