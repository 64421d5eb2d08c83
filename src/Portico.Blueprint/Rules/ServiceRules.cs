using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;

namespace Portico.Blueprint.Rules;

/// <summary>Checks the fields of one service against each other.</summary>
internal static class ServiceRules
{
    public static void Check(ServiceSpec service, bool runtimeKnown, DiagnosticBag bag)
    {
        CheckRequired(service, runtimeKnown, bag);
        CheckImage(service, runtimeKnown, bag);
        CheckInstances(service, bag);
        if (SecretKeys.HoldsCredentials(service.Repo))
            bag.Warn(
                Codes.UnsafeValue, service.Origin.At("repo"), "the URL contains a password, which everyone who can read the file can see",
                "use an ssh URL or a registered credential");
        if (service is { Domains.Count: > 0, Kind: not (ServiceKind.WebService or ServiceKind.StaticSite) })
            bag.Warn(Codes.IgnoredField, service.Origin.At("domains"), "only web services and static sites can have domains; these are ignored");
    }

    private static void CheckRequired(ServiceSpec service, bool runtimeKnown, DiagnosticBag bag)
    {
        if (service.Kind == ServiceKind.CronJob && !service.Origin.Has("schedule"))
            bag.Error(Codes.MissingField, service.Origin, "'schedule' is missing", "for example schedule: \"0 3 * * *\" (UTC)");
        // A warning, not an error: such a schedule is a way to declare a job that is only triggered manually.
        if (service is { Kind: ServiceKind.CronJob, Schedule: { } schedule } && CronRule.Check(schedule) is null && CronRule.NeverRuns(schedule))
            bag.Warn(
                Codes.NeverRuns, service.Origin.At("schedule"), $"'{SafeText.Word(schedule)}' never occurs; the job only runs when it is triggered manually",
                "choose a day that exists in these months");
        if (service.Kind == ServiceKind.StaticSite)
        {
            if (!service.Origin.Has("staticPublishPath"))
                bag.Error(Codes.MissingField, service.Origin, "'staticPublishPath' is missing", "set the directory that the build writes to, for example ./dist");
            return;
        }
        if (runtimeKnown && service.Runtime is not ("docker" or "image" or "static") && (service.StartCommand is { } command ? string.IsNullOrWhiteSpace(command) : !service.Origin.Has("startCommand")))
            bag.Error(
                Codes.MissingField, service.Origin, $"'startCommand' is missing: a {service.Runtime} service needs a start command",
                $"for example startCommand: {Example(service.Runtime)}");
    }

    private static string Example(string runtime) => runtime switch
    {
        "node" => "npm start",
        "python" => "gunicorn app:app",
        "ruby" => "bundle exec puma",
        "elixir" => "mix phx.server",
        "rust" => "cargo run --release",
        "dotnet" => "dotnet out/App.dll",
        _ => "./app",
    };

    private static void CheckImage(ServiceSpec service, bool runtimeKnown, DiagnosticBag bag)
    {
        if (!runtimeKnown)
            return;
        if (service.Runtime == "image" && !service.Origin.Has("image"))
            bag.Error(Codes.MissingField, service.Origin, "'image' is missing: 'runtime: image' needs it", "write 'image:' with 'url: docker.io/…' below it");
        if (service.Runtime != "image" && service.Image is not null)
            bag.Error(Codes.Conflict, service.Origin.At("image"), $"'image' and 'runtime: {service.Runtime}' cannot be used together", "write 'runtime: image'");
        if (service is { Runtime: "image", Repo: not null })
            bag.Warn(Codes.IgnoredField, service.Origin.At("repo"), "'repo' is ignored with 'runtime: image'");
    }

    private static void CheckInstances(ServiceSpec service, DiagnosticBag bag)
    {
        if (service.Disk is not null && service.NumInstances > 1)
            bag.Error(
                Codes.Conflict, service.Origin.At("numInstances"),
                $"numInstances is {service.NumInstances}, but a service with a disk runs only one instance", "remove 'disk' or 'numInstances'");
        if (service.Disk is not null && service.Scaling?.MaxInstances > 1)
            bag.Error(
                Codes.Conflict, service.Origin.At("scaling"),
                $"maxInstances is {service.Scaling.MaxInstances}, but a service with a disk runs only one instance", "remove 'disk' or 'scaling'");
        if (service is { NumInstances: not null, Scaling: not null })
            bag.Warn(Codes.Conflict, service.Origin.At("numInstances"), "'numInstances' is ignored because 'scaling' is set");
    }
}
