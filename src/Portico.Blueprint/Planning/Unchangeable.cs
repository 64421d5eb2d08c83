using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Model;

namespace Portico.Blueprint.Planning;

/// <summary>Reports changes to values that are fixed when a resource is created.</summary>
internal static class Unchangeable
{
    public static bool Check(ServiceSpec desired, ServiceSpec existing, DiagnosticBag bag)
    {
        if (desired.Kind != existing.Kind)
        {
            bag.Error(
                Codes.CannotChange, desired.Origin.At("type"),
                $"'{desired.Name}' is {Binding.ServiceBinder.Describe(existing.Kind)} and cannot become {Binding.ServiceBinder.Describe(desired.Kind)}",
                "use another name for the new service, or delete the old one first");
            return true;
        }
        return Fixed(desired.Origin, "region", desired.Name, desired.Region, existing.Region, bag)
            | Shrinks(desired.Origin.Into("disk"), "sizeGB", desired.Name, desired.Disk?.SizeGB, existing.Disk is { } disk ? disk.SizeGB ?? DiskSpec.DefaultSizeGB : null, bag);
    }

    public static bool Check(KeyValueSpec desired, KeyValueSpec existing, DiagnosticBag bag) =>
        Fixed(desired.Origin, "region", desired.Name, desired.Region, existing.Region, bag);

    public static bool Check(DatabaseSpec desired, DatabaseSpec existing, DiagnosticBag bag) =>
        Fixed(desired.Origin, "region", desired.Name, desired.Region, existing.Region, bag)
        | Fixed(desired.Origin, "databaseName", desired.Name, desired.DatabaseName, existing.DatabaseName, bag)
        | Fixed(desired.Origin, "user", desired.Name, desired.User, existing.User, bag)
        | Fixed(desired.Origin, "postgresMajorVersion", desired.Name, desired.MajorVersion, existing.MajorVersion, bag)
        | Shrinks(desired.Origin, "diskSizeGB", desired.Name, desired.DiskSizeGB, existing.DiskSizeGB, bag);

    private static bool Fixed(Origin at, string field, string name, string? desired, string? existing, DiagnosticBag bag)
    {
        if (desired is null || existing is null || desired == existing)
            return false;
        bag.Error(
            Codes.CannotChange, at.At(field), $"the {field} of '{name}' is {SafeText.Word(existing)} and cannot be changed to {SafeText.Word(desired)}",
            "restore the old value, or create a new resource with another name");
        return true;
    }

    private static bool Shrinks(Origin at, string field, string name, int? desired, int? existing, DiagnosticBag bag)
    {
        if (desired is null || existing is null || desired >= existing)
            return false;
        bag.Error(Codes.CannotChange, at.At(field), $"the disk of '{name}' has {existing} GB and cannot shrink to {desired} GB", "restore the old size");
        return true;
    }
}
