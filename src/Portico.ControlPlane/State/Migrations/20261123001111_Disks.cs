using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portico.ControlPlane.State.Migrations
{
    /// <inheritdoc />
    public partial class Disks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "DiskId",
                table: "Services",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "DiskRemovals",
                columns: table => new
                {
                    Volume = table.Column<string>(type: "TEXT", nullable: false),
                    ServiceId = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DiskRemovals", x => x.Volume);
                });

            // A disk that is there keeps the id that it was known by.
            migrationBuilder.Sql(
                "UPDATE Services SET DiskId = 'dsk-' || substr(Id, 5) WHERE json_extract(Settings, '$.disk') IS NOT NULL;");

            migrationBuilder.CreateIndex(
                name: "IX_Services_DiskId",
                table: "Services",
                column: "DiskId",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DiskRemovals");

            migrationBuilder.DropIndex(
                name: "IX_Services_DiskId",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "DiskId",
                table: "Services");
        }
    }
}
